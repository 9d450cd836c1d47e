package spikemlp.augment;

import java.util.SplittableRandom;

/** Small pictures to vary. */
final class Canvases {

  private Canvases() {}

  /** One whose three channels are these values, row by row; filled with 9, 8, 7. */
  static Canvas grey(int height, int width, int... values) {
    Canvas canvas = new Canvas(height, width, new int[] {9, 8, 7});
    byte[] rgb = canvas.rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) values[i / 3];
    }
    return canvas;
  }

  /** One of these R, G, B values. */
  static Canvas colours(int height, int width, int... values) {
    Canvas canvas = new Canvas(height, width, new int[] {9, 8, 7});
    for (int i = 0; i < values.length; i++) {
      canvas.rgb()[i] = (byte) values[i];
    }
    return canvas;
  }

  static Canvas noise(int height, int width, long seed) {
    Canvas canvas = new Canvas(height, width, new int[] {9, 8, 7});
    new SplittableRandom(seed).nextBytes(canvas.rgb());
    return canvas;
  }

  /** All R, G, B values, from 0 to 255. */
  static int[] values(Canvas canvas) {
    int[] values = new int[canvas.rgb().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = canvas.rgb()[i] & 0xFF;
    }
    return values;
  }

  /** The values of one channel. */
  static int[] channel(Canvas canvas, int channel) {
    int[] values = new int[canvas.rgb().length / 3];
    for (int i = 0; i < values.length; i++) {
      values[i] = canvas.rgb()[3 * i + channel] & 0xFF;
    }
    return values;
  }
}
