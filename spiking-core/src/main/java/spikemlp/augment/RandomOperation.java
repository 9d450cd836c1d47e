package spikemlp.augment;

import java.util.random.RandomGenerator;

/**
 * RandAugment's operations, and what each makes of a level in [0, 1], magnitude / 10. The higher
 * the level the further from the picture; an amount with ± goes either way, equally often.
 */
enum RandomOperation {
  AUTO_CONTRAST,
  EQUALIZE,
  INVERT,
  /** By ±30° · level. */
  ROTATE,
  /** To 4 − ⌊4 · level⌋ bits. */
  POSTERIZE,
  /** From 256 − ⌊256 · level⌋ on. */
  SOLARIZE,
  /** ⌊110 · level⌋ more below 128. */
  SOLARIZE_ADD,
  /** By the factor 1 ± 0.9 · level, as the next three. */
  COLOR,
  CONTRAST,
  BRIGHTNESS,
  SHARPNESS,
  /** By ±0.3 · level, as the next. */
  SHEAR_X,
  SHEAR_Y,
  /** By ±0.45 · level of the side, as the next. */
  TRANSLATE_X,
  TRANSLATE_Y;

  /** Changes a canvas. */
  void apply(Canvas canvas, Tones tones, double level, RandomGenerator random) {
    switch (this) {
      case AUTO_CONTRAST -> tones.autoContrast(canvas);
      case EQUALIZE -> tones.equalize(canvas);
      case INVERT -> tones.invert(canvas);
      case ROTATE -> Geometry.rotate(canvas, signed(30 * level, random));
      case POSTERIZE -> tones.posterize(canvas, 4 - (int) (4 * level));
      case SOLARIZE -> tones.solarize(canvas, 256 - (int) (256 * level));
      case SOLARIZE_ADD -> tones.solarizeAdd(canvas, (int) (110 * level));
      case COLOR -> Blends.color(canvas, factor(level, random));
      case CONTRAST -> tones.contrast(canvas, factor(level, random));
      case BRIGHTNESS -> tones.brightness(canvas, factor(level, random));
      case SHARPNESS -> Blends.sharpness(canvas, factor(level, random));
      case SHEAR_X -> Geometry.shearX(canvas, signed(0.3 * level, random));
      case SHEAR_Y -> Geometry.shearY(canvas, signed(0.3 * level, random));
      case TRANSLATE_X ->
          Geometry.translateX(canvas, signed(0.45 * level * canvas.width(), random));
      case TRANSLATE_Y ->
          Geometry.translateY(canvas, signed(0.45 * level * canvas.height(), random));
    }
  }

  private static double signed(double amount, RandomGenerator random) {
    return random.nextBoolean() ? -amount : amount;
  }

  private static float factor(double level, RandomGenerator random) {
    return (float) (1 + signed(0.9 * level, random));
  }
}
