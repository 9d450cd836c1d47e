package spikemlp.contract.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;

/**
 * How training images are varied, in this order: one of the crops, flip, RandAugment, colour
 * jitter, normalisation, random erasing, mixing. Each part is on or off by itself; what JSON lacks
 * of the nested parts is off.
 *
 * @param cropPadding pixels of zero padding on each side before a random crop; 0 for none
 * @param horizontalFlip whether half of the images are mirrored
 * @param resizedCrop a random part instead of {@code cropPadding}; both at once are refused
 * @param randAugment random operations
 * @param colorJitter brightness, contrast and saturation
 * @param randomErasing a rectangle of noise
 * @param mixing mixup and CutMix
 */
public record Augmentation(
    int cropPadding,
    boolean horizontalFlip,
    RandomResizedCrop resizedCrop,
    RandAugment randAugment,
    ColorJitter colorJitter,
    RandomErasing randomErasing,
    Mixing mixing) {

  /** No variation. */
  public static final Augmentation NONE = new Augmentation(0, false);

  /** Pad 4 and crop, flip: the usual for 32×32 photographs. */
  public static final Augmentation CROP_AND_FLIP = new Augmentation(4, true);

  /** The paper's simple augmentation: random resized crop, flip. */
  public static final Augmentation SIMPLE = new Augmentation(0, true).with(RandomResizedCrop.USUAL);

  /**
   * The paper's strong augmentation: random resized crop, flip, RandAugment m9 n2 mstd 0.5, colour
   * jitter 0.4, random erasing 0.25, mixup 0.8, CutMix 1.0.
   */
  public static final Augmentation STRONG =
      SIMPLE
          .with(RandAugment.USUAL)
          .with(ColorJitter.of(0.4))
          .with(RandomErasing.of(0.25))
          .with(Mixing.of(0.8, 1));

  /**
   * The strong augmentation for pictures of about 32×32, which pads 4 and crops instead: 8 % of
   * such a picture are 9×9 pixels, too few to tell what it shows.
   */
  public static final Augmentation STRONG_SMALL =
      new Augmentation(
          4,
          true,
          RandomResizedCrop.OFF,
          STRONG.randAugment(),
          STRONG.colorJitter(),
          STRONG.randomErasing(),
          STRONG.mixing());

  /** The recipes by name. */
  public static final Map<String, Augmentation> RECIPES = recipes();

  @SuppressWarnings("NullableProblems") // JSON may lack what the record calls present
  public Augmentation {
    resizedCrop = Objects.requireNonNullElse(resizedCrop, RandomResizedCrop.OFF);
    randAugment = Objects.requireNonNullElse(randAugment, RandAugment.OFF);
    colorJitter = Objects.requireNonNullElse(colorJitter, ColorJitter.OFF);
    randomErasing = Objects.requireNonNullElse(randomErasing, RandomErasing.OFF);
    mixing = Objects.requireNonNullElse(mixing, Mixing.OFF);
    new Ranges()
        .within("cropPadding", cropPadding, 0, 512)
        .require(
            !(cropPadding > 0 && resizedCrop.on()),
            "cropPadding",
            Integer.toString(cropPadding),
            "must be 0 where resizedCrop is on, which crops already")
        .check();
  }

  /** A crop of the padded image, and flips; all else off. */
  public Augmentation(int cropPadding, boolean horizontalFlip) {
    this(
        cropPadding,
        horizontalFlip,
        RandomResizedCrop.OFF,
        RandAugment.OFF,
        ColorJitter.OFF,
        RandomErasing.OFF,
        Mixing.OFF);
  }

  /**
   * The recipe of that name: none, crop-and-flip, simple, strong or strong-small.
   *
   * @throws InvalidConfigurationException if there is none
   */
  public static Augmentation recipe(String name) {
    Augmentation recipe = RECIPES.get(name);
    if (recipe == null) {
      throw new InvalidConfigurationException(
          List.of(
              new FieldProblem(
                  "recipe", name, "must be one of " + String.join(", ", RECIPES.keySet()))));
    }
    return recipe;
  }

  private static Map<String, Augmentation> recipes() {
    Map<String, Augmentation> recipes = new LinkedHashMap<>();
    recipes.put("none", NONE);
    recipes.put("crop-and-flip", CROP_AND_FLIP);
    recipes.put("simple", SIMPLE);
    recipes.put("strong", STRONG);
    recipes.put("strong-small", STRONG_SMALL);
    return Collections.unmodifiableMap(recipes);
  }

  /** This with another crop. */
  public Augmentation with(RandomResizedCrop other) {
    return new Augmentation(
        cropPadding, horizontalFlip, other, randAugment, colorJitter, randomErasing, mixing);
  }

  /** This with other random operations. */
  public Augmentation with(RandAugment other) {
    return new Augmentation(
        cropPadding, horizontalFlip, resizedCrop, other, colorJitter, randomErasing, mixing);
  }

  /** This with another colour jitter. */
  public Augmentation with(ColorJitter other) {
    return new Augmentation(
        cropPadding, horizontalFlip, resizedCrop, randAugment, other, randomErasing, mixing);
  }

  /** This with another random erasing. */
  public Augmentation with(RandomErasing other) {
    return new Augmentation(
        cropPadding, horizontalFlip, resizedCrop, randAugment, colorJitter, other, mixing);
  }

  /** This with another mixing. */
  public Augmentation with(Mixing other) {
    return new Augmentation(
        cropPadding, horizontalFlip, resizedCrop, randAugment, colorJitter, randomErasing, other);
  }
}
