package spikemlp.augment;

import static spikemlp.augment.Canvas.CHANNELS;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * Operations that map each value by itself, through a table of 256. Holds the tables; used by one
 * thread.
 */
final class Tones {

  private static final int VALUES = 256;

  private final byte[] table = new byte[VALUES];
  private final int[] histogram = new int[VALUES];

  /** v → 255 − v. */
  void invert(Canvas canvas) {
    map(canvas, v -> 255 - v);
  }

  /** Keeps the highest {@code bits} bits, 0 to 8. */
  void posterize(Canvas canvas, int bits) {
    int mask = 0xFF & ~((1 << (8 - bits)) - 1);
    map(canvas, v -> v & mask);
  }

  /** Inverts values from the threshold on: v → v below, else 255 − v. */
  void solarize(Canvas canvas, int threshold) {
    map(canvas, v -> v < threshold ? v : 255 - v);
  }

  /** Brightens dark values: v → min(255, v + addition) below 128, else v. */
  void solarizeAdd(Canvas canvas, int addition) {
    map(canvas, v -> v < 128 ? Math.min(255, v + addition) : v);
  }

  /** v → factor·v: 0 is black, 1 the picture. */
  void brightness(Canvas canvas, float factor) {
    map(canvas, v -> blend(0, v, factor));
  }

  /** v → m + factor·(v − m), m the mean of the picture's luma: 0 is plain grey, 1 the picture. */
  void contrast(Canvas canvas, float factor) {
    byte[] rgb = canvas.rgb();
    long sum = 0;
    for (int i = 0; i < rgb.length; i += CHANNELS) {
      sum += luma(rgb, i);
    }
    double pixels = (double) canvas.height() * canvas.width();
    int mean = (int) (sum / pixels + 0.5);
    map(canvas, v -> blend(mean, v, factor));
  }

  /**
   * Stretches every channel to the whole range: v → 255·(v − least) / (most − least). A channel of
   * one value stays.
   */
  void autoContrast(Canvas canvas) {
    for (int c = 0; c < CHANNELS; c++) {
      count(canvas, c);
      int least = 0;
      while (histogram[least] == 0) {
        least++;
      }
      int most = VALUES - 1;
      while (histogram[most] == 0) {
        most--;
      }
      if (most > least) {
        double scale = 255.0 / (most - least);
        double offset = -least * scale;
        for (int v = 0; v < VALUES; v++) {
          table[v] = (byte) Math.clamp((int) (v * scale + offset), 0, 255);
        }
        apply(canvas, c);
      }
    }
  }

  /**
   * Makes every channel's values equally frequent, as far as they can be: with n the pixels of all
   * values but the largest that occurs, and step = ⌊n / 255⌋,
   *
   * <pre>v → ⌊(⌊step / 2⌋ + pixels below v) / step⌋</pre>
   *
   * A channel with step 0 stays.
   */
  void equalize(Canvas canvas) {
    for (int c = 0; c < CHANNELS; c++) {
      count(canvas, c);
      int most = VALUES - 1;
      while (histogram[most] == 0) {
        most--;
      }
      int step = (canvas.height() * canvas.width() - histogram[most]) / 255;
      if (step > 0) {
        int below = step / 2;
        for (int v = 0; v < VALUES; v++) {
          table[v] = (byte) Math.min(255, below / step);
          below += histogram[v];
        }
        apply(canvas, c);
      }
    }
  }

  /** from + factor·(to − from), cut to [0, 255], the fraction dropped. */
  static int blend(int from, int to, float factor) {
    return Math.clamp((int) (from + factor * (to - from)), 0, 255);
  }

  /** ITU-R 601-2 luma, 0.299 R + 0.587 G + 0.114 B, in 16-bit integers. */
  static int luma(byte[] rgb, int at) {
    int red = rgb[at] & 0xFF;
    int green = rgb[at + 1] & 0xFF;
    int blue = rgb[at + 2] & 0xFF;
    return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
  }

  private void map(Canvas canvas, IntUnaryOperator value) {
    for (int v = 0; v < VALUES; v++) {
      table[v] = (byte) value.applyAsInt(v);
    }
    byte[] rgb = canvas.rgb();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = table[rgb[i] & 0xFF];
    }
  }

  private void apply(Canvas canvas, int channel) {
    byte[] rgb = canvas.rgb();
    for (int i = channel; i < rgb.length; i += CHANNELS) {
      rgb[i] = table[rgb[i] & 0xFF];
    }
  }

  private void count(Canvas canvas, int channel) {
    Arrays.fill(histogram, 0);
    byte[] rgb = canvas.rgb();
    for (int i = channel; i < rgb.length; i += CHANNELS) {
      histogram[rgb[i] & 0xFF]++;
    }
  }
}
