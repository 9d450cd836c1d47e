package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products along an axis: a small matrix times rows of contiguous numbers. Four outputs × two
 * vectors are kept in registers while the inputs pass, so that each loaded vector is used four
 * times.
 */
final class VectorisedAxis {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private VectorisedAxis() {}

  private static FloatVector load(MemorySegment m, long i) {
    return FloatVector.fromMemorySegment(S, m, i * Float.BYTES, ORDER);
  }

  static void product(Tensor x, float[] w, Tensor y, Grid grid, boolean add) {
    MemorySegment in = x.segment();
    MemorySegment out = y.segment();
    int features = grid.features();
    int inner = grid.inner();
    int wide = inner / (2 * LANES) * (2 * LANES);
    for (int block = 0; block < grid.blocks(); block++) {
      long base = grid.offset() + (long) block * features * inner;
      int o = 0;
      for (; o <= features - 4; o += 4) {
        for (int j = 0; j < wide; j += 2 * LANES) {
          fourByTwo(in, w, out, base + j, o, features, inner, add);
        }
        for (int k = 0; k < 4; k++) {
          one(in, w, out, base, o + k, wide, features, inner, add);
        }
      }
      for (; o < features; o++) {
        one(in, w, out, base, o, 0, features, inner, add);
      }
    }
  }

  private static void fourByTwo(
      MemorySegment in,
      float[] w,
      MemorySegment out,
      long at,
      int o,
      int features,
      int inner,
      boolean add) {
    FloatVector a0 = FloatVector.zero(S);
    FloatVector a1 = a0;
    FloatVector b0 = a0;
    FloatVector b1 = a0;
    FloatVector c0 = a0;
    FloatVector c1 = a0;
    FloatVector d0 = a0;
    FloatVector d1 = a0;
    int row = o * features;
    for (int i = 0; i < features; i++) {
      FloatVector x0 = load(in, at + (long) i * inner);
      FloatVector x1 = load(in, at + (long) i * inner + LANES);
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
    put(a0, a1, out, at + (long) o * inner, add);
    put(b0, b1, out, at + (long) (o + 1) * inner, add);
    put(c0, c1, out, at + (long) (o + 2) * inner, add);
    put(d0, d1, out, at + (long) (o + 3) * inner, add);
  }

  private static void put(
      FloatVector left, FloatVector right, MemorySegment out, long at, boolean add) {
    if (add) {
      load(out, at).add(left).intoMemorySegment(out, at * Float.BYTES, ORDER);
      load(out, at + LANES).add(right).intoMemorySegment(out, (at + LANES) * Float.BYTES, ORDER);
    } else {
      left.intoMemorySegment(out, at * Float.BYTES, ORDER);
      right.intoMemorySegment(out, (at + LANES) * Float.BYTES, ORDER);
    }
  }

  /** Output row {@code o} from column {@code from} on. */
  private static void one(
      MemorySegment in,
      float[] w,
      MemorySegment out,
      long base,
      int o,
      int from,
      int features,
      int inner,
      boolean add) {
    long to = base + (long) o * inner;
    int row = o * features;
    int j = from;
    for (; j <= inner - LANES; j += LANES) {
      FloatVector sum = FloatVector.zero(S);
      for (int i = 0; i < features; i++) {
        sum = FloatVector.broadcast(S, w[row + i]).fma(load(in, base + (long) i * inner + j), sum);
      }
      (add ? load(out, to + j).add(sum) : sum)
          .intoMemorySegment(out, (to + j) * Float.BYTES, ORDER);
    }
    for (; j < inner; j++) {
      float sum = 0;
      for (int i = 0; i < features; i++) {
        sum = Math.fma(w[row + i], in.get(FLOAT, (base + (long) i * inner + j) * Float.BYTES), sum);
      }
      long at = (to + j) * Float.BYTES;
      out.set(FLOAT, at, add ? out.get(FLOAT, at) + sum : sum);
    }
  }

  static void weightGradient(Tensor x, Tensor dy, Grid grid, Tensor dw, long dwOffset) {
    int features = grid.features();
    float[] sums = new float[4];
    for (int o = 0; o < features; o++) {
      for (int i = 0; i < features; i += 4) {
        int width = Math.min(4, features - i);
        fourSums(x.segment(), dy.segment(), grid, o, i, width, sums);
        for (int k = 0; k < width; k++) {
          dw.set(dwOffset + (long) o * features + i + k, sums[k]);
        }
      }
    }
  }

  /** sums[k] = δW[o, i + k] for k below {@code width}; beyond it, the last again. */
  private static void fourSums(
      MemorySegment x, MemorySegment dy, Grid grid, int o, int i, int width, float[] sums) {
    int inner = grid.inner();
    FloatVector a = FloatVector.zero(S);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    float[] tail = new float[4];
    int whole = inner / LANES * LANES;
    long step1 = (long) Math.min(1, width - 1) * inner;
    long step2 = (long) Math.min(2, width - 1) * inner;
    long step3 = (long) Math.min(3, width - 1) * inner;
    for (int block = 0; block < grid.blocks(); block++) {
      long base = grid.offset() + (long) block * grid.features() * inner;
      long g = base + (long) o * inner;
      long first = base + (long) i * inner;
      for (int j = 0; j < whole; j += LANES) {
        FloatVector gradient = load(dy, g + j);
        a = gradient.fma(load(x, first + j), a);
        b = gradient.fma(load(x, first + step1 + j), b);
        c = gradient.fma(load(x, first + step2 + j), c);
        d = gradient.fma(load(x, first + step3 + j), d);
      }
      for (int j = whole; j < inner; j++) {
        float gradient = dy.get(FLOAT, (g + j) * Float.BYTES);
        for (int k = 0; k < width; k++) {
          float value = x.get(FLOAT, (first + (long) k * inner + j) * Float.BYTES);
          tail[k] = Math.fma(gradient, value, tail[k]);
        }
      }
    }
    sums[0] = total(a) + tail[0];
    sums[1] = total(b) + tail[1];
    sums[2] = total(c) + tail[2];
    sums[3] = total(d) + tail[3];
  }

  /** The lanes' sum in the lanes' order: the same bits on every run. */
  private static float total(FloatVector v) {
    float sum = 0;
    for (float lane : v.toArray()) {
      sum += lane;
    }
    return sum;
  }
}
