package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;
import spikemlp.kernel.Kernels.GradientSums;

/**
 * Adds g and g·(y − mean) up by feature, over one sample: place by place within a chunk, so that
 * whatever passes over a chunk can keep a place's sums in registers. Where features are tokens,
 * {@link #leave} then adds a token's places up.
 */
final class FeatureSums {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();
  private static final int START = Scratch.START;

  private @Nullable GradientSums to;
  private boolean channels;
  private int width;
  private int features;
  private int first;
  private float[] mean = {};
  private float[] sums = {};
  private float[] products = {};
  private double[] tokenSums = {};
  private double[] tokenProducts = {};

  /** Begins with zeros; where there is nothing to sum for, what is summed is lost. */
  FeatureSums begin(Scratch scratch, @Nullable GradientSums target, int layerWidth) {
    to = target;
    width = layerWidth;
    channels = target != null && target.mean().channels();
    features = target != null ? target.mean().features() : 0;
    int size = ByFeature.CHUNK;
    if (target != null && channels) {
      mean = target.mean().wide();
      size = mean.length;
    } else {
      mean = scratch.floats(6, ByFeature.CHUNK);
      tokenSums = scratch.doubles(0, features);
      tokenProducts = scratch.doubles(1, features);
      Arrays.fill(tokenSums, 0, features, 0);
      Arrays.fill(tokenProducts, 0, features, 0);
    }
    sums = scratch.floats(4, size);
    products = scratch.floats(5, size);
    Arrays.fill(sums, START, START + size, 0f);
    Arrays.fill(products, START, START + size, 0f);
    return this;
  }

  /** Goes to a chunk. */
  void enter(Chunk chunk) {
    first = channels ? chunk.column() : 0;
    if (channels || to == null) {
      return;
    }
    Arrays.fill(sums, START, START + chunk.count(), 0f);
    Arrays.fill(products, START, START + chunk.count(), 0f);
    ByFeature means = to.mean();
    for (int r = 0; r < chunk.rows(); r++) {
      float value = means.wide()[means.ofToken(chunk.token() + r, width)];
      Arrays.fill(mean, r * chunk.width(), (r + 1) * chunk.width(), value);
    }
  }

  /** Where the chunk's places begin in {@link #mean}; in the sums, {@link Scratch#START} later. */
  int first() {
    return first;
  }

  /** Of y, by place. */
  float[] mean() {
    return mean;
  }

  /** Σ g by place. */
  float[] sums() {
    return sums;
  }

  /** Σ g·(y − mean) by place. */
  float[] products() {
    return products;
  }

  /** Adds a chunk's T steps, which lie {@code stride} numbers apart. */
  void add(MemorySegment g, MemorySegment y, long at, int stride, int steps, int count) {
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector centre = FloatVector.fromArray(S, mean, first + j);
      int place = START + first + j;
      FloatVector sum = FloatVector.fromArray(S, sums, place);
      FloatVector product = FloatVector.fromArray(S, products, place);
      for (int t = 0; t < steps; t++) {
        long from = at + (long) t * stride + j;
        FloatVector d = VectorisedKernels.load(g, from);
        sum = sum.add(d);
        product = d.fma(VectorisedKernels.load(y, from).sub(centre), product);
      }
      sum.intoArray(sums, place);
      product.intoArray(products, place);
    }
    for (; j < count; j++) {
      int place = START + first + j;
      for (int t = 0; t < steps; t++) {
        long from = at + (long) t * stride + j;
        float d = VectorisedKernels.get(g, from);
        float distance = VectorisedKernels.get(y, from) - mean[first + j];
        sums[place] += d;
        products[place] = Math.fma(d, distance, products[place]);
      }
    }
  }

  /** Leaves a chunk whose places have been summed up. */
  void leave(Chunk chunk) {
    if (channels || to == null) {
      return;
    }
    ByFeature means = to.mean();
    for (int r = 0; r < chunk.rows(); r++) {
      int f = means.ofToken(chunk.token() + r, width);
      tokenSums[f] += total(sums, START + r * chunk.width(), chunk.width());
      tokenProducts[f] += total(products, START + r * chunk.width(), chunk.width());
    }
  }

  /** A sum in a fixed order: every fourth, then the four. */
  private static double total(float[] places, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int j = from;
    for (; j <= from + count - 4; j += 4) {
      a += places[j];
      b += places[j + 1];
      c += places[j + 2];
      d += places[j + 3];
    }
    double rest = 0;
    for (; j < from + count; j++) {
      rest += places[j];
    }
    return (double) a + b + c + d + rest;
  }

  void finish(int sample) {
    if (to == null) {
      return;
    }
    Moments moments = to.moments();
    if (!channels) {
      for (int f = 0; f < features; f++) {
        moments.add(sample, f, tokenSums[f], tokenProducts[f]);
      }
      return;
    }
    for (int i = 0; i < mean.length; i++) {
      moments.add(sample, i % features, sums[START + i], products[START + i]);
    }
  }
}
