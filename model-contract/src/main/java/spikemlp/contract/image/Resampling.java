package spikemlp.contract.image;

/**
 * Antialiased resizing with a triangle filter: an output pixel is the weighted mean of the source
 * pixels within {@code max(1, scale)} of its centre, weights falling linearly to 0. First along
 * rows, then along columns, in integers with 22 bits after the point, rounded to bytes in between.
 * These are the steps of Pillow's {@code Image.resize(..., BILINEAR, box)}, so that a picture
 * prepared in Python is the same.
 */
final class Resampling {

  private static final int BITS = 22;
  private static final int HALF = 1 << (BITS - 1);

  private Resampling() {}

  /** The part of a picture's axis, in source pixels, that an output axis shows. */
  record Span(double from, double to) {}

  /** For each output pixel its first source pixel and the weights from there. */
  private record Weights(int[] first, int[][] weights) {

    static Weights of(int size, Span span, int outputs) {
      double scale = (span.to - span.from) / outputs;
      double support = Math.max(scale, 1.0);
      int[] first = new int[outputs];
      int[][] weights = new int[outputs][];
      for (int i = 0; i < outputs; i++) {
        double centre = span.from + (i + 0.5) * scale;
        int from = Math.max(0, (int) (centre - support + 0.5));
        int to = Math.min(size, (int) (centre + support + 0.5));
        double[] exact = new double[to - from];
        double sum = 0;
        for (int k = 0; k < exact.length; k++) {
          double distance = Math.abs((k + from - centre + 0.5) / support);
          exact[k] = Math.max(0, 1 - distance);
          sum += exact[k];
        }
        first[i] = from;
        weights[i] = new int[exact.length];
        for (int k = 0; k < exact.length; k++) {
          weights[i][k] = (int) (0.5 + exact[k] / sum * (1 << BITS));
        }
      }
      return new Weights(first, weights);
    }

    int last() {
      int end = first.length - 1;
      return first[end] + weights[end].length;
    }
  }

  /** The picture's part {@code rows}×{@code columns} at {@code height}×{@code width}. */
  static byte[] resize(Picture picture, Span rows, Span columns, int height, int width) {
    if (whole(rows, picture.height())
        && whole(columns, picture.width())
        && height == picture.height()
        && width == picture.width()) {
      return picture.rgb().clone();
    }
    Weights down = Weights.of(picture.height(), rows, height);
    Weights across = Weights.of(picture.width(), columns, width);
    int top = down.first[0];
    byte[] narrow = new byte[3 * (down.last() - top) * width];
    for (int y = top; y < down.last(); y++) {
      row(picture.rgb(), 3 * y * picture.width(), across, narrow, 3 * (y - top) * width);
    }
    byte[] resized = new byte[3 * height * width];
    for (int y = 0; y < height; y++) {
      column(narrow, 3 * width, down.first[y] - top, down.weights[y], resized, 3 * y * width);
    }
    return resized;
  }

  private static boolean whole(Span span, int size) {
    return span.from == 0 && span.to == size;
  }

  private static void row(byte[] in, int start, Weights across, byte[] out, int at) {
    for (int x = 0; x < across.first.length; x++) {
      int[] weights = across.weights[x];
      int i = start + 3 * across.first[x];
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      for (int weight : weights) {
        red += weight * (in[i] & 0xFF);
        green += weight * (in[i + 1] & 0xFF);
        blue += weight * (in[i + 2] & 0xFF);
        i += 3;
      }
      out[at++] = rounded(red);
      out[at++] = rounded(green);
      out[at++] = rounded(blue);
    }
  }

  private static void column(byte[] in, int stride, int row, int[] weights, byte[] out, int at) {
    for (int i = 0; i < stride; i++) {
      int sum = HALF;
      for (int k = 0; k < weights.length; k++) {
        sum += weights[k] * (in[(row + k) * stride + i] & 0xFF);
      }
      out[at + i] = rounded(sum);
    }
  }

  private static byte rounded(int sum) {
    return (byte) Math.clamp(sum >> BITS, 0, 255);
  }
}
