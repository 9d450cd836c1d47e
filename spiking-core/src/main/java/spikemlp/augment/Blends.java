package spikemlp.augment;

import static spikemlp.augment.Canvas.CHANNELS;

/** Blends of a picture with a plainer version of itself that depends on more than one value. */
final class Blends {

  private Blends() {}

  /** Saturation: luma + factor·(v − luma); 0 is grey, 1 the picture. */
  static void color(Canvas canvas, float factor) {
    byte[] rgb = canvas.rgb();
    for (int i = 0; i < rgb.length; i += CHANNELS) {
      int luma = Tones.luma(rgb, i);
      for (int c = 0; c < CHANNELS; c++) {
        rgb[i + c] = (byte) Tones.blend(luma, rgb[i + c] & 0xFF, factor);
      }
    }
  }

  /**
   * Sharpness: smooth + factor·(v − smooth); 0 is smooth, 1 the picture. Smooth is the mean of the
   * 3×3 pixels around, the middle one five times, rounded; the outermost pixels stay.
   */
  static void sharpness(Canvas canvas, float factor) {
    int height = canvas.height();
    int stride = CHANNELS * canvas.width();
    byte[] from = canvas.rgb();
    byte[] to = canvas.spare();
    System.arraycopy(from, 0, to, 0, from.length);
    for (int y = 1; y < height - 1; y++) {
      for (int i = y * stride + CHANNELS; i < (y + 1) * stride - CHANNELS; i++) {
        int value = from[i] & 0xFF;
        int sum = 4 * value + row(from, i - stride) + row(from, i) + row(from, i + stride);
        to[i] = (byte) Tones.blend((2 * sum + 13) / 26, value, factor);
      }
    }
    canvas.swap();
  }

  private static int row(byte[] rgb, int middle) {
    return (rgb[middle - CHANNELS] & 0xFF) + (rgb[middle] & 0xFF) + (rgb[middle + CHANNELS] & 0xFF);
  }
}
