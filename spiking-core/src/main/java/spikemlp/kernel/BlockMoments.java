package spikemlp.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums and squares of the columns of a block of rows while it is in the first-level cache, the
 * squares about the block's own mean, which leaves nothing to cancel.
 */
final class BlockMoments {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  private BlockMoments() {}

  /**
   * Adds a block to a sample's moments.
   *
   * @param block {@code rows} × {@code width}, from {@link Scratch#START} on
   * @param firstFeature the feature of the first column; columns beyond the last feature are
   *     nobody's
   */
  static void add(
      Scratch scratch,
      float[] block,
      int rows,
      int width,
      int firstFeature,
      int sample,
      Moments moments) {
    float[] sums = scratch.floats(2, width);
    float[] squares = scratch.floats(3, width);
    int o = 0;
    for (; o <= width - 3 * LANES; o += 3 * LANES) {
      measureThree(block, rows, width, sums, squares, o);
    }
    for (; o < width; o += LANES) {
      measureOne(block, rows, width, sums, squares, o);
    }
    int count = Math.min(width, moments.features() - firstFeature);
    for (int f = 0; f < count; f++) {
      double sum = sums[f];
      moments.add(sample, firstFeature + f, sum, squares[f] + sum * sum / rows);
    }
  }

  /** Three vectors of outputs side by side, so that none waits for its own last addition. */
  private static void measureThree(
      float[] block, int rows, int width, float[] sums, float[] squares, int o) {
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    for (int r = 0; r < rows; r++) {
      int at = row(r, width) + o;
      a = a.add(load(block, at));
      b = b.add(load(block, at + LANES));
      c = c.add(load(block, at + 2 * LANES));
    }
    a.intoArray(sums, o);
    b.intoArray(sums, o + LANES);
    c.intoArray(sums, o + 2 * LANES);
    FloatVector meanA = a.div(rows);
    FloatVector meanB = b.div(rows);
    FloatVector meanC = c.div(rows);
    a = FloatVector.zero(S);
    b = a;
    c = a;
    for (int r = 0; r < rows; r++) {
      int at = row(r, width) + o;
      FloatVector d = load(block, at).sub(meanA);
      a = d.fma(d, a);
      d = load(block, at + LANES).sub(meanB);
      b = d.fma(d, b);
      d = load(block, at + 2 * LANES).sub(meanC);
      c = d.fma(d, c);
    }
    a.intoArray(squares, o);
    b.intoArray(squares, o + LANES);
    c.intoArray(squares, o + 2 * LANES);
  }

  private static void measureOne(
      float[] block, int rows, int width, float[] sums, float[] squares, int o) {
    FloatVector sum = FloatVector.zero(S);
    for (int r = 0; r < rows; r++) {
      sum = sum.add(load(block, row(r, width) + o));
    }
    FloatVector mean = sum.div(rows);
    FloatVector square = FloatVector.zero(S);
    for (int r = 0; r < rows; r++) {
      FloatVector d = load(block, row(r, width) + o).sub(mean);
      square = d.fma(d, square);
    }
    sum.intoArray(sums, o);
    square.intoArray(squares, o);
  }

  /** Where a row begins. */
  private static int row(int r, int width) {
    return Scratch.START + r * width;
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }
}
