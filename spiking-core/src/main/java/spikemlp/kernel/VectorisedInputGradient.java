package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The dense product in tiles whose sums stay in registers over all outputs: three rows and three
 * vectors of inputs, which load least for each product, or four rows and two vectors where that
 * leaves less of the last tile empty. A tile's weights lie together in a panel; a block of δY that
 * stays in the first-level cache is worked through panel by panel.
 *
 * <p>Blocks go through arrays: single numbers of a segment cost more to fetch than the tile's
 * arithmetic does. While three rows are worked through, the memory of the next block is touched
 * step by step, so that it comes beside the arithmetic instead of before it. Java has no
 * instruction that only fetches: what is touched goes into a sum, which the compiler must keep. The
 * tile takes all it uses as arguments, touches at offsets of 32 bits and adds floats: with fields,
 * wider offsets or a sum of integers it gained nothing.
 */
final class VectorisedInputGradient implements InputGradient {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int START = Scratch.START;

  /** Numbers of δY at a time: 16 KiB. */
  private static final int MOST_OUTPUTS = 4096;

  /** Numbers of δX at a time: 64 KiB. */
  private static final int MOST_INPUTS = 16384;

  private final Tensor weights;
  private final long offset;
  private final int outputs;
  private final int inputs;
  private final boolean wide;
  private final int tileRows;
  private final int tileInputs;
  private final int paddedInputs;
  private final int blockRows;
  private final float[] panels;

  /** Bytes of the next block for each output of a tile: all of it in the time of this block. */
  private final int stride;

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
    this.paddedInputs = Math.min(three, two);
    int tiles = Math.min(MOST_OUTPUTS / outputs, MOST_INPUTS / paddedInputs) / tileRows;
    this.blockRows = Math.max(1, tiles) * tileRows;
    this.panels = new float[START + Math.multiplyExact(outputs, paddedInputs)];
    this.stride = Math.ceilDiv(tileRows * Float.BYTES, paddedInputs / tileInputs);
  }

  @Override
  public void prepare(int piece, int pieces) {
    MemorySegment from = weights.segment();
    for (int i = piece * tileInputs; i < inputs; i += pieces * tileInputs) {
      int count = Math.min(tileInputs, inputs - i);
      for (int o = 0; o < outputs; o++) {
        long at = (offset + (long) o * inputs + i) * Float.BYTES;
        int to = START + i * outputs + o * tileInputs;
        MemorySegment.copy(from, FLOAT, at, panels, to, count);
      }
    }
  }

  @Override
  public void apply(Tensor dy, long firstRow, Tensor dx, long toRow, int rows) {
    Scratch scratch = Scratch.ofThread();
    float[] in = scratch.floats(0, blockRows * outputs);
    float[] out = scratch.floats(1, blockRows * paddedInputs);
    MemorySegment memory = dy.segment();
    long run = memory.byteSize() - Float.BYTES - (outputs - 1L) * stride;
    int step = run < 0 ? 0 : stride; // memory shorter than a run is soon in the cache
    long last = Math.max(0, run);
    float touched = 0;
    for (int from = 0; from < rows; from += blockRows) {
      int count = Math.min(blockRows, rows - from);
      long at = (firstRow + from) * outputs * Float.BYTES;
      MemorySegment.copy(memory, FLOAT, at, in, 0, count * outputs);
      long next = at + (long) count * outputs * Float.BYTES;
      for (int i = 0; i < inputs; i += tileInputs) {
        int panel = START + i * outputs;
        // The last tile may work on rows beyond the block's, which nobody reads.
        for (int row = 0; row < count; row += tileRows) {
          int y = row * outputs;
          int x = START + i + row * paddedInputs;
          if (wide) {
            long ahead = Math.min(next, last);
            touched += threeByThree(in, y, outputs, panels, panel, out, x, memory, ahead, step);
            next += (long) outputs * step;
          } else {
            fourByTwo(in, y, outputs, panels, panel, out, x);
          }
        }
      }
      copyOut(out, dx.segment(), toRow + from, count);
    }
    scratch.lanes[0] = touched;
  }

  private void copyOut(float[] out, MemorySegment dx, long toRow, int rows) {
    long at = toRow * inputs * Float.BYTES;
    if (inputs == paddedInputs) {
      MemorySegment.copy(out, START, dx, FLOAT, at, rows * inputs);
      return;
    }
    for (int row = 0; row < rows; row++) {
      MemorySegment.copy(
          out,
          START + row * paddedInputs,
          dx,
          FLOAT,
          at + (long) row * inputs * Float.BYTES,
          inputs);
    }
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  private static FloatVector number(float[] from, int at) {
    return FloatVector.broadcast(S, from[at]);
  }

  private float threeByThree(
      float[] dy,
      int from,
      int outputs,
      float[] w,
      int panel,
      float[] dx,
      int to,
      MemorySegment memory,
      long ahead,
      int step) {
    float touched = 0;
    int row1 = from + outputs;
    int row2 = row1 + outputs;
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
      int further = o * step;
      touched += memory.get(FLOAT, ahead + further);
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
    store(a0, a1, a2, dx, to);
    store(b0, b1, b2, dx, to + paddedInputs);
    store(c0, c1, c2, dx, to + 2 * paddedInputs);
    return touched;
  }

  private static void store(
      FloatVector left, FloatVector middle, FloatVector right, float[] dx, int to) {
    left.intoArray(dx, to);
    middle.intoArray(dx, to + LANES);
    right.intoArray(dx, to + 2 * LANES);
  }

  private void fourByTwo(
      float[] dy, int from, int outputs, float[] w, int panel, float[] dx, int to) {
    int row1 = from + outputs;
    int row2 = row1 + outputs;
    int row3 = row2 + outputs;
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
    store(left0, right0, dx, to);
    store(left1, right1, dx, to + paddedInputs);
    store(left2, right2, dx, to + 2 * paddedInputs);
    store(left3, right3, dx, to + 3 * paddedInputs);
  }

  private static void store(FloatVector left, FloatVector right, float[] dx, int to) {
    left.intoArray(dx, to);
    right.intoArray(dx, to + LANES);
  }
}
