package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The dense product in tiles whose sums stay in registers over all outputs: three rows and three
 * vectors of inputs, which load least for each product, or four rows and two vectors where that
 * leaves less of the last tile empty. A tile's weights lie together in a panel; a block of δY that
 * stays in the first-level cache is worked through panel by panel.
 *
 * <p>δX is written where it belongs, tile by tile, so that its memory comes beside the arithmetic
 * of the next. The last tile of a row and of a block begins early enough to be whole: what it
 * computes again are the same bits.
 */
final class VectorisedInputGradient implements InputGradient {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int START = Scratch.START;

  /** Numbers of δY at a time: 16 KiB. */
  private static final int MOST_OUTPUTS = 4096;

  private final Tensor weights;
  private final long offset;
  private final int outputs;
  private final int inputs;
  private final boolean wide;
  private final int tileRows;
  private final int tileInputs;
  private final int tiles;
  private final int blockRows;
  private final float[] panels;

  VectorisedInputGradient(Tensor weights, long offset, int outputs, int inputs) {
    this.weights = weights;
    this.offset = offset;
    this.outputs = outputs;
    this.inputs = inputs;
    int three = Math.ceilDiv(inputs, 3 * LANES) * 3 * LANES;
    int two = Math.ceilDiv(inputs, 2 * LANES) * 2 * LANES;
    this.wide = three <= two;
    this.tileRows = wide ? 3 : 4;
    this.tileInputs = wide ? 3 * LANES : 2 * LANES;
    this.tiles = Math.ceilDiv(inputs, tileInputs);
    this.blockRows = Math.max(1, MOST_OUTPUTS / outputs / tileRows) * tileRows;
    this.panels = new float[START + Math.multiplyExact(outputs, tiles * tileInputs)];
  }

  /** The first input of a tile. */
  private int input(int tile) {
    return Math.max(0, Math.min(tile * tileInputs, inputs - tileInputs));
  }

  private int panel(int tile) {
    return START + tile * tileInputs * outputs;
  }

  @Override
  public void prepare(int piece, int pieces) {
    MemorySegment from = weights.segment();
    int count = Math.min(tileInputs, inputs);
    for (int tile = piece; tile < tiles; tile += pieces) {
      for (int o = 0; o < outputs; o++) {
        long at = (offset + (long) o * inputs + input(tile)) * Float.BYTES;
        MemorySegment.copy(from, FLOAT, at, panels, panel(tile) + o * tileInputs, count);
      }
    }
  }

  @Override
  public void apply(OutputGradient gradient, int firstRow, Tensor dx, long toRow, int rows) {
    VectorisedOutputGradient dy = (VectorisedOutputGradient) gradient;
    MemorySegment target = dx.segment();
    for (int from = 0; from < rows; from += blockRows) {
      int begin = Math.max(0, Math.min(from, rows - tileRows));
      int count = Math.min(blockRows, rows - begin);
      long to = (toRow + begin) * inputs;
      if (count < tileRows || inputs < tileInputs) {
        byVector(dy, firstRow + begin, count, target, to);
        continue;
      }
      for (int tile = 0; tile < tiles; tile++) {
        int panel = panel(tile);
        for (int row = 0; row < count; row += tileRows) {
          int first = Math.min(row, count - tileRows);
          int y = dy.at(firstRow + begin + first);
          long x = to + (long) first * inputs + input(tile);
          if (wide) {
            threeByThree(dy.numbers(), y, dy.step(), outputs, panels, panel, target, x, inputs);
          } else {
            fourByTwo(dy.numbers(), y, dy.step(), outputs, panels, panel, target, x, inputs);
          }
        }
      }
    }
  }

  /** Fewer rows or inputs than a tile has: a vector of inputs at a time. */
  private void byVector(
      VectorisedOutputGradient dy, int firstRow, int rows, MemorySegment dx, long at) {
    int width = Math.min(tileInputs, inputs);
    for (int tile = 0; tile < tiles; tile++) {
      for (int row = 0; row < rows; row++) {
        long to = at + (long) row * inputs + input(tile);
        for (int i = 0; i < width; i += LANES) {
          FloatVector sum = FloatVector.zero(S);
          for (int o = 0; o < outputs; o++) {
            FloatVector w = load(panels, panel(tile) + o * tileInputs + i);
            sum = number(dy.numbers(), dy.at(firstRow + row) + o).fma(w, sum);
          }
          sum.intoMemorySegment(
              dx, (to + i) * Float.BYTES, ByteOrder.nativeOrder(), S.indexInRange(i, width));
        }
      }
    }
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  private static FloatVector number(float[] from, int at) {
    return FloatVector.broadcast(S, from[at]);
  }

  private static void threeByThree(
      float[] dy,
      int from,
      int step,
      int outputs,
      float[] w,
      int panel,
      MemorySegment dx,
      long to,
      int inputs) {
    int row1 = from + step;
    int row2 = row1 + step;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector b2 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector c2 = a0;
    for (int o = 0; o < outputs; o++) {
      int at = panel + o * 3 * LANES;
      FloatVector w0 = load(w, at);
      FloatVector w1 = load(w, at + LANES);
      FloatVector w2 = load(w, at + 2 * LANES);
      FloatVector g = number(dy, from + o);
      a0 = g.fma(w0, a0);
      a1 = g.fma(w1, a1);
      a2 = g.fma(w2, a2);
      g = number(dy, row1 + o);
      b0 = g.fma(w0, b0);
      b1 = g.fma(w1, b1);
      b2 = g.fma(w2, b2);
      g = number(dy, row2 + o);
      c0 = g.fma(w0, c0);
      c1 = g.fma(w1, c1);
      c2 = g.fma(w2, c2);
    }
    long to1 = to + inputs;
    long to2 = to1 + inputs;
    VectorisedKernels.store(a0, dx, to);
    VectorisedKernels.store(a1, dx, to + LANES);
    VectorisedKernels.store(a2, dx, to + 2L * LANES);
    VectorisedKernels.store(b0, dx, to1);
    VectorisedKernels.store(b1, dx, to1 + LANES);
    VectorisedKernels.store(b2, dx, to1 + 2L * LANES);
    VectorisedKernels.store(c0, dx, to2);
    VectorisedKernels.store(c1, dx, to2 + LANES);
    VectorisedKernels.store(c2, dx, to2 + 2L * LANES);
  }

  private static void fourByTwo(
      float[] dy,
      int from,
      int step,
      int outputs,
      float[] w,
      int panel,
      MemorySegment dx,
      long to,
      int inputs) {
    int row1 = from + step;
    int row2 = row1 + step;
    int row3 = row2 + step;
    FloatVector left0 = FloatVector.zero(S);
    FloatVector left1 = left0;
    FloatVector left2 = left0;
    FloatVector left3 = left0;
    FloatVector right0 = left0;
    FloatVector right1 = left0;
    FloatVector right2 = left0;
    FloatVector right3 = left0;
    for (int o = 0; o < outputs; o++) {
      FloatVector left = load(w, panel + o * 2 * LANES);
      FloatVector right = load(w, panel + o * 2 * LANES + LANES);
      FloatVector g = number(dy, from + o);
      left0 = g.fma(left, left0);
      right0 = g.fma(right, right0);
      g = number(dy, row1 + o);
      left1 = g.fma(left, left1);
      right1 = g.fma(right, right1);
      g = number(dy, row2 + o);
      left2 = g.fma(left, left2);
      right2 = g.fma(right, right2);
      g = number(dy, row3 + o);
      left3 = g.fma(left, left3);
      right3 = g.fma(right, right3);
    }
    long to1 = to + inputs;
    long to2 = to1 + inputs;
    long to3 = to2 + inputs;
    VectorisedKernels.store(left0, dx, to);
    VectorisedKernels.store(right0, dx, to + LANES);
    VectorisedKernels.store(left1, dx, to1);
    VectorisedKernels.store(right1, dx, to1 + LANES);
    VectorisedKernels.store(left2, dx, to2);
    VectorisedKernels.store(right2, dx, to2 + LANES);
    VectorisedKernels.store(left3, dx, to3);
    VectorisedKernels.store(right3, dx, to3 + LANES);
  }
}
