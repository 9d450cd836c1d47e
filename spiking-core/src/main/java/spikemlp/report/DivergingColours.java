package spikemlp.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/**
 * Colours for numbers of both signs: blue below 0, white at 0, red above, darkest at ±{@code
 * bound}. Both sides grow evenly dark, so that equal sizes look equally strong.
 *
 * @param bound the size that has the full colour, positive; larger ones have it too
 */
record DivergingColours(double bound) {

  private static final int[][] NEGATIVE = {{247, 247, 247}, {103, 169, 207}, {5, 48, 97}};
  private static final int[][] POSITIVE = {{247, 247, 247}, {239, 138, 98}, {103, 0, 31}};

  DivergingColours {
    if (!(bound > 0) || Double.isInfinite(bound)) {
      throw new IllegalArgumentException(
          "a colour scale's bound must be a positive number, not " + bound);
    }
  }

  /** The colour as {@code 0xRRGGBB}. */
  int rgb(double value) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException("NaN has no colour");
    }
    double share = Math.min(1, Math.abs(value) / bound);
    int[][] stops = value < 0 ? NEGATIVE : POSITIVE;
    int lower = share < 0.5 ? 0 : 1;
    double between = 2 * share - lower;
    int rgb = 0;
    for (int channel = 0; channel < 3; channel++) {
      int from = stops[lower][channel];
      int to = stops[lower + 1][channel];
      rgb = rgb << 8 | (int) Math.round(from + between * (to - from));
    }
    return rgb;
  }

  /** A PNG of one pixel a number, {@code values [rows, columns]} row-major. */
  byte[] png(double[] values, int rows, int columns) {
    BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < values.length; i++) {
      image.setRGB(i % columns, i / columns, rgb(values[i]));
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", bytes)) {
        throw new IllegalStateException("every Java platform writes PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    return bytes.toByteArray();
  }

  /** The scale itself, from +bound at the top to −bound. */
  byte[] legend() {
    double[] values = new double[101];
    for (int i = 0; i < values.length; i++) {
      values[i] = bound * (50 - i) / 50.0;
    }
    return png(values, values.length, 1);
  }
}
