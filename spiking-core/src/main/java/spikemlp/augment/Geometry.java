package spikemlp.augment;

import static spikemlp.augment.Canvas.CHANNELS;

/** Operations that move pixels. */
final class Geometry {

  private Geometry() {}

  /**
   * Shows the picture from row {@code down} and column {@code right} on, zeros around it, then
   * mirrored or not: out[y, x] = in[y + down, x' + right], x' = x or W − 1 − x.
   */
  static void shift(Canvas canvas, int down, int right, boolean mirrored) {
    int height = canvas.height();
    int width = canvas.width();
    byte[] from = canvas.rgb();
    byte[] to = canvas.spare();
    int at = 0;
    for (int y = 0; y < height; y++) {
      int fromY = y + down;
      boolean rowWithin = fromY >= 0 && fromY < height;
      for (int x = 0; x < width; x++) {
        int fromX = (mirrored ? width - 1 - x : x) + right;
        boolean within = rowWithin && fromX >= 0 && fromX < width;
        int i = (fromY * width + fromX) * CHANNELS;
        for (int c = 0; c < CHANNELS; c++) {
          to[at++] = within ? from[i + c] : 0;
        }
      }
    }
    canvas.swap();
  }

  /** Left becomes right. */
  static void mirror(Canvas canvas) {
    shift(canvas, 0, 0, true);
  }

  /** Turns counter-clockwise about the centre. */
  static void rotate(Canvas canvas, double degrees) {
    double cos = Math.cos(Math.toRadians(degrees));
    double sin = Math.sin(Math.toRadians(degrees));
    double x = canvas.width() / 2.0;
    double y = canvas.height() / 2.0;
    transform(canvas, cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y);
  }

  /** A row y is shown from x + factor·y on. */
  static void shearX(Canvas canvas, double factor) {
    transform(canvas, 1, factor, 0, 0, 1, 0);
  }

  /** A column x is shown from y + factor·x on. */
  static void shearY(Canvas canvas, double factor) {
    transform(canvas, 1, 0, 0, factor, 1, 0);
  }

  /** Moves left by so many pixels, or right where negative. */
  static void translateX(Canvas canvas, double pixels) {
    transform(canvas, 1, 0, pixels, 0, 1, 0);
  }

  /** Moves up by so many pixels, or down where negative. */
  static void translateY(Canvas canvas, double pixels) {
    transform(canvas, 1, 0, 0, 0, 1, pixels);
  }

  /**
   * Shows at (x, y), measured to pixels' centres, what lies at
   *
   * <pre>(a·x + b·y + c, d·x + e·y + f)</pre>
   *
   * bilinear between the four pixels around it, those at the border repeated; the canvas's fill
   * where that is outside.
   */
  private static void transform(
      Canvas canvas, double a, double b, double c, double d, double e, double f) {
    int height = canvas.height();
    int width = canvas.width();
    byte[] from = canvas.rgb();
    byte[] to = canvas.spare();
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double fromX = a * (x + 0.5) + b * (y + 0.5) + c;
        double fromY = d * (x + 0.5) + e * (y + 0.5) + f;
        if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) {
          for (int channel = 0; channel < CHANNELS; channel++) {
            to[at++] = (byte) canvas.fill(channel);
          }
        } else {
          bilinear(from, height, width, fromX - 0.5, fromY - 0.5, to, at);
          at += CHANNELS;
        }
      }
    }
    canvas.swap();
  }

  private static void bilinear(
      byte[] from, int height, int width, double x, double y, byte[] to, int at) {
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double right = x - left; // the right column's weight
    double below = y - top;
    int x0 = CHANNELS * Math.max(left, 0);
    int x1 = CHANNELS * Math.min(left + 1, width - 1);
    int y0 = CHANNELS * width * Math.max(top, 0);
    int y1 = CHANNELS * width * Math.min(top + 1, height - 1);
    for (int c = 0; c < CHANNELS; c++) {
      double upper = (1 - right) * (from[y0 + x0 + c] & 0xFF) + right * (from[y0 + x1 + c] & 0xFF);
      double lower = (1 - right) * (from[y1 + x0 + c] & 0xFF) + right * (from[y1 + x1 + c] & 0xFF);
      to[at + c] = (byte) ((1 - below) * upper + below * lower + 0.5);
    }
  }
}
