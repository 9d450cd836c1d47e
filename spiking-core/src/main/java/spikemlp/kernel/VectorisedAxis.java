package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products along an axis: a small matrix times rows of contiguous numbers. Four outputs × two
 * vectors are kept in registers while the inputs pass, so that each loaded vector is used four
 * times.
 */
final class VectorisedAxis {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final long LANE_BITS = LANES == Long.SIZE ? -1L : (1L << LANES) - 1;

  private VectorisedAxis() {}

  /** The spikes of block {@code block} as floats, the same place in the array as in the block. */
  private static float[] expand(PackedSpikes x, Grid grid, int block) {
    int size = grid.features() * grid.inner();
    float[] spikes = Scratch.ofThread().floats(6, size);
    int width = x.width();
    int rows = size / width;
    long firstRow = (grid.offset() + (long) block * size) / width;
    FloatVector zero = FloatVector.zero(S);
    FloatVector one = FloatVector.broadcast(S, 1f);
    for (int r = 0; r < rows; r++) {
      int from = x.at(firstRow + r);
      for (int j = 0; j < width; j += LANES) {
        long bits = x.words()[from + j / Long.SIZE] >>> j % Long.SIZE;
        zero.blend(one, VectorMask.fromLong(S, bits & LANE_BITS)).intoArray(spikes, r * width + j);
      }
    }
    return spikes;
  }

  /** A block of numbers as an array, number {@code which} of the thread's. */
  private static float[] copy(Tensor x, long at, int size, int which) {
    float[] numbers = Scratch.ofThread().floats(which, size);
    MemorySegment.copy(x.segment(), FLOAT, at * Float.BYTES, numbers, 0, size);
    return numbers;
  }

  private static long at(Grid grid, int block) {
    return grid.offset() + (long) block * grid.features() * grid.inner();
  }

  /** y = W·x of each block. */
  static void product(PackedSpikes x, float[] w, Tensor y, Grid grid) {
    int size = grid.features() * grid.inner();
    for (int block = 0; block < grid.blocks(); block++) {
      float[] out = Scratch.ofThread().floats(5, size);
      Arrays.fill(out, 0, size, 0f);
      multiply(expand(x, grid, block), w, out, grid);
      MemorySegment.copy(out, 0, y.segment(), FLOAT, at(grid, block) * Float.BYTES, size);
    }
  }

  /** δx += Wᵀ·δy of each block; {@code w} is Wᵀ. */
  static void inputGradient(Tensor dy, float[] w, Tensor dx, Grid grid) {
    int size = grid.features() * grid.inner();
    for (int block = 0; block < grid.blocks(); block++) {
      long at = at(grid, block);
      float[] out = copy(dx, at, size, 5);
      multiply(copy(dy, at, size, 6), w, out, grid);
      MemorySegment.copy(out, 0, dx.segment(), FLOAT, at * Float.BYTES, size);
    }
  }

  /** out += W·in of one block. */
  private static void multiply(float[] in, float[] w, float[] out, Grid grid) {
    int features = grid.features();
    int inner = grid.inner();
    int wide = inner / (2 * LANES) * (2 * LANES);
    int o = 0;
    for (; o <= features - 4; o += 4) {
      for (int j = 0; j < wide; j += 2 * LANES) {
        fourByTwo(in, j, w, out, o, features, inner);
      }
      for (int k = 0; k < 4; k++) {
        one(in, w, out, o + k, wide, features, inner);
      }
    }
    for (; o < features; o++) {
      one(in, w, out, o, 0, features, inner);
    }
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }

  private static void fourByTwo(
      float[] in, int from, float[] w, float[] out, int o, int features, int inner) {
    int at = o * inner + from;
    FloatVector a0 = load(out, at);
    FloatVector a1 = load(out, at + LANES);
    FloatVector b0 = load(out, at + inner);
    FloatVector b1 = load(out, at + inner + LANES);
    FloatVector c0 = load(out, at + 2 * inner);
    FloatVector c1 = load(out, at + 2 * inner + LANES);
    FloatVector d0 = load(out, at + 3 * inner);
    FloatVector d1 = load(out, at + 3 * inner + LANES);
    int row = o * features;
    for (int i = 0; i < features; i++) {
      FloatVector x0 = load(in, from + i * inner);
      FloatVector x1 = load(in, from + i * inner + LANES);
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
    b0.intoArray(out, at + inner);
    b1.intoArray(out, at + inner + LANES);
    c0.intoArray(out, at + 2 * inner);
    c1.intoArray(out, at + 2 * inner + LANES);
    d0.intoArray(out, at + 3 * inner);
    d1.intoArray(out, at + 3 * inner + LANES);
  }

  /** Output row {@code o} from column {@code from} on. */
  private static void one(
      float[] in, float[] w, float[] out, int o, int from, int features, int inner) {
    int row = o * features;
    int to = o * inner;
    int j = from;
    for (; j <= inner - LANES; j += LANES) {
      FloatVector sum = load(out, to + j);
      for (int i = 0; i < features; i++) {
        sum = FloatVector.broadcast(S, w[row + i]).fma(load(in, i * inner + j), sum);
      }
      sum.intoArray(out, to + j);
    }
    for (; j < inner; j++) {
      float sum = out[to + j];
      for (int i = 0; i < features; i++) {
        sum = Math.fma(w[row + i], in[i * inner + j], sum);
      }
      out[to + j] = sum;
    }
  }

  /**
   * δW += δy·xᵀ, over all blocks. Each weight's sum is kept by lane while the blocks pass, and its
   * lanes are added up in their order at the end.
   */
  static void weightGradient(PackedSpikes x, Tensor dy, Grid grid, Tensor dw, long dwOffset) {
    int features = grid.features();
    int size = features * grid.inner();
    Scratch scratch = Scratch.ofThread();
    float[] sums = scratch.floats(4, features * features * LANES);
    Arrays.fill(sums, 0, features * features * LANES, 0f);
    for (int block = 0; block < grid.blocks(); block++) {
      float[] spikes = expand(x, grid, block);
      float[] gradient = copy(dy, at(grid, block), size, 5);
      for (int o = 0; o < features; o++) {
        for (int i = 0; i < features; i += 4) {
          int width = Math.min(4, features - i);
          fourSums(spikes, gradient, grid.inner(), o, i, width, sums, (o * features + i) * LANES);
        }
      }
    }
    for (int k = 0; k < features * features; k++) {
      long at = (dwOffset + k) * Float.BYTES;
      float sum = VectorisedKernels.lanes(load(sums, k * LANES), scratch);
      dw.segment().set(FLOAT, at, dw.segment().get(FLOAT, at) + sum);
    }
  }

  /** Adds a block's part of δW[o, i + k], for k below {@code width}, by lane. */
  private static void fourSums(
      float[] x, float[] dy, int inner, int o, int i, int width, float[] sums, int to) {
    // Beyond the width the last weight is summed again and not kept.
    int whole = inner / LANES * LANES;
    int g = o * inner;
    int x0 = i * inner;
    int x1 = (i + Math.min(1, width - 1)) * inner;
    int x2 = (i + Math.min(2, width - 1)) * inner;
    int x3 = (i + width - 1) * inner;
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    for (int j = 0; j < whole; j += LANES) {
      FloatVector gradient = load(dy, g + j);
      a = gradient.fma(load(x, x0 + j), a);
      b = gradient.fma(load(x, x1 + j), b);
      c = gradient.fma(load(x, x2 + j), c);
      d = gradient.fma(load(x, x3 + j), d);
    }
    keep(a, 0, width, sums, to);
    keep(b, 1, width, sums, to);
    keep(c, 2, width, sums, to);
    keep(d, 3, width, sums, to);
    for (int j = whole; j < inner; j++) {
      for (int k = 0; k < width; k++) {
        int lane = to + k * LANES + j - whole;
        sums[lane] = Math.fma(dy[g + j], x[(i + k) * inner + j], sums[lane]);
      }
    }
  }

  private static void keep(FloatVector sum, int k, int width, float[] sums, int to) {
    if (k < width) {
      load(sums, to + k * LANES).add(sum).intoArray(sums, to + k * LANES);
    }
  }
}
