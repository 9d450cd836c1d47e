package spikemlp.layer;

import spikemlp.kernel.Precision;

/**
 * The grid that inference rounds images to, so that the first layer's sums are exact in any order:
 * multiples of 2⁻¹⁹ in [−64, 64] have 25 bits; a row of weights on a grid has at most 28 bits in
 * sum, and 25 + 28 = 53 is what double precision holds. Pixels of normalised pictures are within
 * ±64 for every standard deviation above 1/64; what is outside is clipped.
 */
public final class ImageGrid {

  /** The largest absolute value. */
  public static final float LIMIT = 64;

  /** Steps in one. */
  public static final float STEPS = 1 << 19;

  /** How many bits of a row's sum of absolute weights the grid leaves. */
  public static final int SUM_BITS = 28;

  private ImageGrid() {}

  /** The value inference takes in place of {@code x}: in double precision {@code x} itself. */
  static double nearest(double x, Precision precision) {
    return switch (precision) {
      case SINGLE -> Math.rint(Math.clamp(x, -LIMIT, LIMIT) * STEPS) / STEPS;
      case DOUBLE -> x;
    };
  }
}
