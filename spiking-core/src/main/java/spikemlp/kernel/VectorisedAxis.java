package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products along an axis: a small matrix times rows of contiguous numbers. Four outputs × two
 * vectors are kept in registers while the inputs pass, so that each loaded vector is used four
 * times; all outputs of two vectors' columns before the next columns, so that they come from the
 * first-level cache.
 *
 * <p>Blocks are worked on in arrays whose rows are whole pairs of vectors, zeros where the block's
 * row ends before, and whose distance is no multiple of what makes them share cache sets.
 */
final class VectorisedAxis {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final VectorSpecies<Integer> BITS = S.withLanes(int.class);
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int PAIR = 2 * LANES;

  /** Where blocks begin in their arrays. */
  private static final int START = Scratch.START;

  /** Rows at a multiple of this many numbers, 1 KiB, share few of a cache's sets. */
  private static final int SHARING = 256;

  /** Columns that the weights' gradient sums before it adds to its sums by lane. */
  private static final int SPAN = 192;

  /** For each of the vectors that hold an int's bits, one bit each. */
  private static final int[] LANE_BITS = new int[Integer.SIZE];

  static {
    for (int i = 0; i < Integer.SIZE; i++) {
      LANE_BITS[i] = 1 << i;
    }
  }

  private VectorisedAxis() {}

  /** Columns of a row with those that fill up its last pair of vectors. */
  private static int padded(int inner) {
    return Math.ceilDiv(inner, PAIR) * PAIR;
  }

  /** From row to row of an array. */
  private static int stride(int inner) {
    int padded = padded(inner);
    return padded % SHARING == 0 ? padded + PAIR : padded;
  }

  private static long at(Grid grid, int block) {
    return grid.offset() + (long) block * grid.features() * grid.inner();
  }

  /** The spikes of a block as numbers, from {@code to} on. */
  private static void expand(PackedSpikes x, Grid grid, int block, float[] numbers, int to) {
    int inner = grid.inner();
    int stride = stride(inner);
    long row = at(grid, block) / x.width();
    for (int i = 0; i < grid.features(); i++) {
      int line = to + i * stride;
      for (int j = 0; j < inner; j += x.width()) {
        expandRow(x.words(), x.at(row++), x.width(), numbers, line + j);
      }
      Arrays.fill(numbers, line + inner, line + padded(inner), 0f);
    }
  }

  /** What is written beyond the width is written over by the next row, or nobody's. */
  private static void expandRow(long[] words, int from, int width, float[] numbers, int to) {
    IntVector one = IntVector.broadcast(BITS, Float.floatToRawIntBits(1f));
    for (int j = 0; j < width; j += Integer.SIZE) {
      int word = (int) (words[from + j / Long.SIZE] >>> j % Long.SIZE);
      IntVector fired = IntVector.broadcast(BITS, word);
      for (int k = 0; k < Integer.SIZE; k += LANES) {
        IntVector bits = IntVector.fromArray(BITS, LANE_BITS, k);
        IntVector.zero(BITS)
            .blend(one, fired.and(bits).compare(VectorOperators.EQ, bits))
            .reinterpretAsFloats()
            .intoArray(numbers, to + j + k);
      }
    }
  }

  /** A block of numbers, from {@code to} on. */
  private static void copyIn(Tensor x, Grid grid, int block, float[] numbers, int to) {
    int inner = grid.inner();
    int stride = stride(inner);
    long from = at(grid, block) * Float.BYTES;
    if (stride == inner) {
      MemorySegment.copy(x.segment(), FLOAT, from, numbers, to, grid.features() * inner);
      return;
    }
    for (int i = 0; i < grid.features(); i++) {
      int line = to + i * stride;
      MemorySegment.copy(
          x.segment(), FLOAT, from + (long) i * inner * Float.BYTES, numbers, line, inner);
      Arrays.fill(numbers, line + inner, line + padded(inner), 0f);
    }
  }

  private static void copyOut(float[] numbers, Tensor y, Grid grid, int block) {
    int inner = grid.inner();
    int stride = stride(inner);
    long to = at(grid, block) * Float.BYTES;
    if (stride == inner) {
      MemorySegment.copy(numbers, START, y.segment(), FLOAT, to, grid.features() * inner);
      return;
    }
    for (int i = 0; i < grid.features(); i++) {
      MemorySegment.copy(
          numbers,
          START + i * stride,
          y.segment(),
          FLOAT,
          to + (long) i * inner * Float.BYTES,
          inner);
    }
  }

  /** y = W·x of each block. */
  static void product(PackedSpikes x, float[] w, Tensor y, Grid grid) {
    int size = grid.features() * stride(grid.inner());
    Scratch scratch = Scratch.ofThread();
    float[] out = scratch.floats(5, size);
    float[] in = scratch.floats(6, size);
    for (int block = 0; block < grid.blocks(); block++) {
      expand(x, grid, block, in, START);
      Arrays.fill(out, START, START + size, 0f);
      multiply(in, w, out, grid);
      copyOut(out, y, grid, block);
    }
  }

  /** δx += Wᵀ·δy of each block; {@code w} is Wᵀ. */
  static void inputGradient(Tensor dy, float[] w, Tensor dx, Grid grid) {
    int size = grid.features() * stride(grid.inner());
    Scratch scratch = Scratch.ofThread();
    float[] out = scratch.floats(5, size);
    float[] in = scratch.floats(6, size);
    for (int block = 0; block < grid.blocks(); block++) {
      copyIn(dy, grid, block, in, START);
      copyIn(dx, grid, block, out, START);
      multiply(in, w, out, grid);
      copyOut(out, dx, grid, block);
    }
  }

  /** out += W·in of one block. */
  private static void multiply(float[] in, float[] w, float[] out, Grid grid) {
    int features = grid.features();
    int padded = padded(grid.inner());
    int stride = stride(grid.inner());
    for (int j = 0; j < padded; j += PAIR) {
      int o = 0;
      for (; o <= features - 4; o += 4) {
        four(in, START + j, w, out, o, features, stride);
      }
      for (; o < features; o++) {
        one(in, START + j, w, out, o, features, stride);
      }
    }
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  /** A pair of vectors of outputs o to o + 3. */
  private static void four(
      float[] in, int from, float[] w, float[] out, int o, int features, int stride) {
    int at = o * stride + from;
    FloatVector a0 = load(out, at);
    FloatVector a1 = load(out, at + LANES);
    FloatVector b0 = load(out, at + stride);
    FloatVector b1 = load(out, at + stride + LANES);
    FloatVector c0 = load(out, at + 2 * stride);
    FloatVector c1 = load(out, at + 2 * stride + LANES);
    FloatVector d0 = load(out, at + 3 * stride);
    FloatVector d1 = load(out, at + 3 * stride + LANES);
    int row = o * features;
    for (int i = 0; i < features; i++) {
      FloatVector x0 = load(in, from + i * stride);
      FloatVector x1 = load(in, from + i * stride + LANES);
      FloatVector weight = FloatVector.broadcast(S, w[row + i]);
      a0 = weight.fma(x0, a0);
      a1 = weight.fma(x1, a1);
      weight = FloatVector.broadcast(S, w[row + features + i]);
      b0 = weight.fma(x0, b0);
      b1 = weight.fma(x1, b1);
      weight = FloatVector.broadcast(S, w[row + 2 * features + i]);
      c0 = weight.fma(x0, c0);
      c1 = weight.fma(x1, c1);
      weight = FloatVector.broadcast(S, w[row + 3 * features + i]);
      d0 = weight.fma(x0, d0);
      d1 = weight.fma(x1, d1);
    }
    a0.intoArray(out, at);
    a1.intoArray(out, at + LANES);
    b0.intoArray(out, at + stride);
    b1.intoArray(out, at + stride + LANES);
    c0.intoArray(out, at + 2 * stride);
    c1.intoArray(out, at + 2 * stride + LANES);
    d0.intoArray(out, at + 3 * stride);
    d1.intoArray(out, at + 3 * stride + LANES);
  }

  /** A pair of vectors of output o. */
  private static void one(
      float[] in, int from, float[] w, float[] out, int o, int features, int stride) {
    int at = o * stride + from;
    FloatVector a0 = load(out, at);
    FloatVector a1 = load(out, at + LANES);
    for (int i = 0; i < features; i++) {
      FloatVector weight = FloatVector.broadcast(S, w[o * features + i]);
      a0 = weight.fma(load(in, from + i * stride), a0);
      a1 = weight.fma(load(in, from + i * stride + LANES), a1);
    }
    a0.intoArray(out, at);
    a1.intoArray(out, at + LANES);
  }

  /**
   * δW += δy·xᵀ, over all blocks. Each weight's sum is kept by lane while the blocks pass, and its
   * lanes are added up in their order at the end.
   */
  static void weightGradient(PackedSpikes x, Tensor dy, Grid grid, Tensor dw, long dwOffset) {
    int features = grid.features();
    int padded = padded(grid.inner());
    int size = features * stride(grid.inner());
    int together = Math.max(1, SPAN / padded);
    Scratch scratch = Scratch.ofThread();
    float[] sums = scratch.floats(4, features * features * LANES);
    Arrays.fill(sums, 0, features * features * LANES, 0f);
    float[] gradient = scratch.floats(5, together * size);
    float[] spikes = scratch.floats(6, together * size);
    for (int block = 0; block < grid.blocks(); block += together) {
      int count = Math.min(together, grid.blocks() - block);
      for (int k = 0; k < count; k++) {
        expand(x, grid, block + k, spikes, START + k * size);
        copyIn(dy, grid, block + k, gradient, START + k * size);
      }
      for (int j = 0; j < padded; j += SPAN) {
        addSpan(spikes, gradient, grid, START + j, Math.min(SPAN, padded - j), count, sums);
      }
    }
    for (int k = 0; k < features * features; k++) {
      long at = (dwOffset + k) * Float.BYTES;
      float sum = VectorisedKernels.lanes(load(sums, k * LANES), scratch);
      dw.segment().set(FLOAT, at, dw.segment().get(FLOAT, at) + sum);
    }
  }

  /** Adds the part of some columns, of {@code blocks} blocks. */
  private static void addSpan(
      float[] x, float[] dy, Grid grid, int from, int columns, int blocks, float[] sums) {
    int features = grid.features();
    int stride = stride(grid.inner());
    for (int o = 0; o < features; o += 4) {
      for (int i = 0; i < features; i += 2) {
        addTile(x, dy, features, stride, o, i, from, columns, blocks, sums);
      }
    }
  }

  /** Adds to δW[o + k, i] and δW[o + k, i + 1], k below 4, by lane, as far as they exist. */
  private static void addTile(
      float[] x,
      float[] dy,
      int features,
      int stride,
      int o,
      int i,
      int from,
      int columns,
      int blocks,
      float[] sums) {
    // Where a row does not exist the last one is summed again and not kept.
    int last = features - 1;
    int g1 = (Math.min(o + 1, last) - o) * stride;
    int g2 = (Math.min(o + 2, last) - o) * stride;
    int g3 = (Math.min(o + 3, last) - o) * stride;
    int x1 = (Math.min(i + 1, last) - i) * stride;
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    for (int block = 0; block < blocks; block++) {
      int g = (block * features + o) * stride + from;
      int s = (block * features + i) * stride + from;
      for (int j = 0; j < columns; j += LANES) {
        FloatVector s0 = load(x, s + j);
        FloatVector s1 = load(x, s + j + x1);
        FloatVector gradient = load(dy, g + j);
        a0 = gradient.fma(s0, a0);
        a1 = gradient.fma(s1, a1);
        gradient = load(dy, g + j + g1);
        b0 = gradient.fma(s0, b0);
        b1 = gradient.fma(s1, b1);
        gradient = load(dy, g + j + g2);
        c0 = gradient.fma(s0, c0);
        c1 = gradient.fma(s1, c1);
        gradient = load(dy, g + j + g3);
        d0 = gradient.fma(s0, d0);
        d1 = gradient.fma(s1, d1);
      }
    }
    keep(a0, a1, o, i, features, sums);
    keep(b0, b1, o + 1, i, features, sums);
    keep(c0, c1, o + 2, i, features, sums);
    keep(d0, d1, o + 3, i, features, sums);
  }

  private static void keep(
      FloatVector left, FloatVector right, int o, int i, int features, float[] sums) {
    if (o < features) {
      int to = (o * features + i) * LANES;
      load(sums, to).add(left).intoArray(sums, to);
      if (i + 1 < features) {
        load(sums, to + LANES).add(right).intoArray(sums, to + LANES);
      }
    }
  }
}
