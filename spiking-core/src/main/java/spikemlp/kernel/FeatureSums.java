package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import spikemlp.kernel.Kernels.GradientSums;

/** Adds g and g·(y − mean) up by feature, over one sample. */
final class FeatureSums {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  private @Nullable GradientSums to;
  private int width;
  private float[] sums = {};
  private float[] products = {};

  /** Begins with zeros; sums nothing where there is nothing to sum for. */
  FeatureSums begin(Scratch scratch, @Nullable GradientSums target, int channels) {
    to = target;
    width = channels;
    if (target != null) {
      int size = target.mean().wide().length;
      sums = scratch.floats(4, size);
      products = scratch.floats(5, size);
      Arrays.fill(sums, 0, size, 0f);
      Arrays.fill(products, 0, size, 0f);
    }
    return this;
  }

  void add(MemorySegment g, MemorySegment y, long at, Chunk chunk) {
    if (to == null) {
      return;
    }
    float[] mean = to.mean().wide();
    if (to.mean().channels()) {
      channels(g, y, at, chunk.count(), mean, sums, products, chunk.column());
      return;
    }
    for (int r = 0; r < chunk.rows(); r++) {
      int f = to.mean().ofToken(chunk.token() + r, width);
      token(g, y, at + (long) r * chunk.width(), chunk.width(), mean[f], sums, products, f);
    }
  }

  private static void channels(
      MemorySegment g,
      MemorySegment y,
      long at,
      int count,
      float[] mean,
      float[] sums,
      float[] products,
      int column) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector d = VectorisedKernels.load(g, at + j);
      FloatVector n =
          VectorisedKernels.load(y, at + j).sub(FloatVector.fromArray(S, mean, column + j));
      FloatVector.fromArray(S, sums, column + j).add(d).intoArray(sums, column + j);
      d.fma(n, FloatVector.fromArray(S, products, column + j)).intoArray(products, column + j);
    }
    for (; j < count; j++) {
      float d = VectorisedKernels.get(g, at + j);
      sums[column + j] += d;
      products[column + j] =
          Math.fma(d, VectorisedKernels.get(y, at + j) - mean[column + j], products[column + j]);
    }
  }

  private static void token(
      MemorySegment g,
      MemorySegment y,
      long at,
      int count,
      float mean,
      float[] sums,
      float[] products,
      int feature) {
    FloatVector sum = FloatVector.zero(S);
    FloatVector product = FloatVector.zero(S);
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector d = VectorisedKernels.load(g, at + j);
      sum = sum.add(d);
      product = d.fma(VectorisedKernels.load(y, at + j).sub(mean), product);
    }
    float one = VectorisedKernels.lanes(sum);
    float two = VectorisedKernels.lanes(product);
    for (; j < count; j++) {
      float d = VectorisedKernels.get(g, at + j);
      one += d;
      two = Math.fma(d, VectorisedKernels.get(y, at + j) - mean, two);
    }
    sums[feature] += one;
    products[feature] += two;
  }

  void finish(int sample) {
    if (to == null) {
      return;
    }
    int features = to.mean().features();
    for (int i = 0; i < to.mean().wide().length; i++) {
      to.moments().add(sample, i % features, sums[i], products[i]);
    }
  }
}
