package spikemlp.data;

import java.util.Arrays;
import java.util.List;
import spikemlp.data.DigitShapes.Stroke;

/**
 * Paints one digit: strokes, moved and distorted, as the distance of each pixel from the nearest
 * line; a background; colours that differ enough; noise. Sums, products, square roots and
 * StrictMath alone, so that every Java runtime paints the same bytes. Not thread-safe.
 */
final class DigitPainter {

  static final int SIDE = 32;

  /** Straight pieces between two points of a curve. */
  private static final int PIECES = 5;

  private final DrawingAmounts amounts;
  private final double[] squaredDistance = new double[SIDE * SIDE];
  private final Backdrop backdrop;

  DigitPainter(DrawingAmounts amounts) {
    this.amounts = amounts;
    this.backdrop = new Backdrop(amounts);
  }

  /** Paints {@code digit} into {@code rgb [32, 32, 3]}. */
  void paint(int digit, SplitMix random, byte[] rgb) {
    List<List<Stroke>> shapes = DigitShapes.of(digit);
    List<Stroke> shape = shapes.get(random.nextInt(shapes.size()));
    Pose pose = Pose.random(amounts, random);
    double radius = random.between(amounts.thinnest(), amounts.thickest()) / 2;
    Arrays.fill(squaredDistance, Double.MAX_VALUE);
    for (Stroke stroke : shape) {
      draw(placed(stroke, pose, random), stroke.curved(), radius);
    }
    backdrop.paint(random, squaredDistance, radius, rgb);
  }

  /** Where a digit stands: affine, then two waves. */
  private record Pose(
      double xx,
      double xy,
      double yx,
      double yy,
      double dx,
      double dy,
      double wave,
      double[] phase) {

    static Pose random(DrawingAmounts amounts, SplitMix random) {
      double angle = StrictMath.toRadians(random.around(amounts.rotationDegrees()));
      double high = amounts.size() * (1 + random.around(amounts.scale()));
      double wide = high * (1 + random.around(amounts.stretch()));
      double lean = random.around(amounts.shear());
      double cos = StrictMath.cos(angle);
      double sin = StrictMath.sin(angle);
      double middle = SIDE / 2.0;
      return new Pose(
          cos * wide,
          (-sin - cos * lean) * high,
          sin * wide,
          (cos - sin * lean) * high,
          middle + random.around(amounts.shift()),
          middle + random.around(amounts.shift()),
          random.between(0, amounts.wave()),
          new double[] {
            random.between(0, 6.2831853), random.between(0, 6.2831853), random.between(.2, .4)
          });
    }

    double x(double x, double y) {
      return xx * x + xy * y + dx;
    }

    double y(double x, double y) {
      return yx * x + yy * y + dy;
    }

    /** Moves a placed point along the waves. */
    void distort(double[] points, int at) {
      double x = points[at];
      double y = points[at + 1];
      points[at] = x + wave * StrictMath.sin(phase[0] + phase[2] * y);
      points[at + 1] = y + wave * StrictMath.sin(phase[1] + phase[2] * x);
    }
  }

  /** A stroke's points in pixels; a point that closes a curve moves as its first does. */
  private double[] placed(Stroke stroke, Pose pose, SplitMix random) {
    double[] points = stroke.points();
    double[] placed = new double[points.length];
    for (int i = 0; i < points.length; i += 2) {
      placed[i] = pose.x(points[i], points[i + 1]) + random.around(amounts.jitter());
      placed[i + 1] = pose.y(points[i], points[i + 1]) + random.around(amounts.jitter());
      pose.distort(placed, i);
    }
    int last = points.length - 2;
    if (points[0] == points[last] && points[1] == points[last + 1]) {
      placed[last] = placed[0];
      placed[last + 1] = placed[1];
    }
    return placed;
  }

  private void draw(double[] points, boolean curved, double radius) {
    int count = points.length / 2;
    for (int i = 0; i + 1 < count; i++) {
      int pieces = curved ? PIECES : 1;
      double fromX = points[2 * i];
      double fromY = points[2 * i + 1];
      for (int k = 1; k <= pieces; k++) {
        double t = (double) k / pieces;
        double toX = curved ? onCurve(points, i, 0, t) : points[2 * i + 2];
        double toY = curved ? onCurve(points, i, 1, t) : points[2 * i + 3];
        line(fromX, fromY, toX, toY, radius + 1);
        fromX = toX;
        fromY = toY;
      }
    }
  }

  /** Catmull-Rom between points i and i+1; ends repeat, a closed curve goes round. */
  private static double onCurve(double[] points, int i, int axis, double t) {
    int last = points.length / 2 - 1;
    boolean closed = points[0] == points[2 * last] && points[1] == points[2 * last + 1];
    int before = i > 0 ? i - 1 : closed ? last - 1 : 0;
    int after = i + 2 <= last ? i + 2 : closed ? 1 : last;
    double a = points[2 * before + axis];
    double b = points[2 * i + axis];
    double c = points[2 * i + 2 + axis];
    double d = points[2 * after + axis];
    return 0.5
        * (2 * b + t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
  }

  /** Lowers the squared distances of the pixels within {@code reach} of a line. */
  private void line(double ax, double ay, double bx, double by, double reach) {
    int left = Math.max(0, (int) (Math.min(ax, bx) - reach));
    int right = Math.min(SIDE - 1, (int) (Math.max(ax, bx) + reach));
    int top = Math.max(0, (int) (Math.min(ay, by) - reach));
    int bottom = Math.min(SIDE - 1, (int) (Math.max(ay, by) + reach));
    double dx = bx - ax;
    double dy = by - ay;
    double inverse = 1 / Math.max(1e-9, dx * dx + dy * dy);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double px = x + 0.5 - ax;
        double py = y + 0.5 - ay;
        double t = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse));
        double ex = px - t * dx;
        double ey = py - t * dy;
        int at = y * SIDE + x;
        squaredDistance[at] = Math.min(squaredDistance[at], ex * ex + ey * ey);
      }
    }
  }
}
