package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Batch normalisation on vectors: its statistics, and its gradient in place. */
final class VectorisedNorm {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  private VectorisedNorm() {}

  /** See {@link Kernels#measure}. */
  static void measure(
      Tensor y, int steps, int tokens, int width, ByFeature by, Moments moments, int sample) {
    Scratch scratch = Scratch.ofThread();
    float[] means = scratch.floats(0, by.features());
    double[] sums = scratch.doubles(0, by.features());
    double[] squares = scratch.doubles(1, by.features());
    double n = (double) steps * tokens * width / by.features();
    columns(y.segment(), steps, tokens, width, by, sample, means, sums, false);
    for (int f = 0; f < by.features(); f++) {
      means[f] = (float) (sums[f] / n);
    }
    columns(y.segment(), steps, tokens, width, by, sample, means, squares, true);
    for (int f = 0; f < by.features(); f++) {
      moments.add(sample, f, sums[f], squares[f] + sums[f] * sums[f] / n);
    }
  }

  /** Adds up by feature: column by column over a feature's rows, then the columns. */
  private static void columns(
      MemorySegment y,
      int steps,
      int tokens,
      int width,
      ByFeature by,
      int sample,
      float[] means,
      double[] totals,
      boolean squared) {
    int features = by.features();
    long first = (long) sample * steps * tokens * width;
    int rows = steps * tokens;
    int stride = width + Scratch.SLACK;
    float[] sums = Scratch.ofThread().floats(1, features * stride);
    Arrays.fill(sums, 0, features * stride, 0f);
    Arrays.fill(totals, 0, features, 0);
    for (int row = 0; row < rows; row++) {
      int f = by.channels() ? 0 : by.ofToken(row % tokens, width);
      long at = first + (long) row * width;
      if (by.channels()) {
        addColumnsByChannel(y, at, width, means, sums, squared);
      } else {
        addColumns(y, at, width, means[f], sums, f * stride, squared);
      }
    }
    for (int c = 0; c < width; c++) {
      if (by.channels()) {
        totals[c] = sums[c];
      } else {
        for (int f = 0; f < features; f++) {
          totals[f] += sums[f * stride + c];
        }
      }
    }
  }

  private static void addColumns(
      MemorySegment y, long at, int width, float mean, float[] sums, int to, boolean squared) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      FloatVector value = VectorisedKernels.load(y, at + j);
      FloatVector sum = FloatVector.fromArray(S, sums, to + j);
      FloatVector d = value.sub(mean);
      (squared ? d.fma(d, sum) : sum.add(value)).intoArray(sums, to + j);
    }
    for (; j < width; j++) {
      float value = VectorisedKernels.get(y, at + j);
      float d = value - mean;
      sums[to + j] = squared ? Math.fma(d, d, sums[to + j]) : sums[to + j] + value;
    }
  }

  private static void addColumnsByChannel(
      MemorySegment y, long at, int width, float[] means, float[] sums, boolean squared) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      FloatVector value = VectorisedKernels.load(y, at + j);
      FloatVector sum = FloatVector.fromArray(S, sums, j);
      FloatVector d = value.sub(FloatVector.fromArray(S, means, j));
      (squared ? d.fma(d, sum) : sum.add(value)).intoArray(sums, j);
    }
    for (; j < width; j++) {
      float value = VectorisedKernels.get(y, at + j);
      float d = value - means[j];
      sums[j] = squared ? Math.fma(d, d, sums[j]) : sums[j] + value;
    }
  }

  /** See {@link Kernels#normaliseBackward}. */
  static void backward(Tensor g, Tensor y, long firstRow, int rows, int width, NormGradient norm) {
    MemorySegment gradient = g.segment();
    MemorySegment values = y.segment();
    Chunk c = Scratch.ofThread().chunk;
    for (c.begin(rows, width); c.present(); c.next()) {
      long at = firstRow * width + c.at();
      if (norm.mean().channels()) {
        byChannel(gradient, values, at, c.count(), norm, c.column());
      } else {
        for (int r = 0; r < c.rows(); r++) {
          int f = norm.mean().ofToken(firstRow + c.token() + r, width);
          byToken(gradient, values, at + (long) r * c.width(), c.width(), norm, f);
        }
      }
    }
  }

  private static void byChannel(
      MemorySegment g, MemorySegment y, long at, int count, NormGradient norm, int column) {
    float[] scale = norm.scale().wide();
    float[] meanG = norm.meanG().wide();
    float[] mean = norm.mean().wide();
    float[] slope = norm.slope().wide();
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      int p = column + j;
      FloatVector result =
          gradient(
              VectorisedKernels.load(g, at + j),
              VectorisedKernels.load(y, at + j),
              FloatVector.fromArray(S, scale, p),
              FloatVector.fromArray(S, meanG, p),
              FloatVector.fromArray(S, mean, p),
              FloatVector.fromArray(S, slope, p));
      VectorisedKernels.store(result, g, at + j);
    }
    for (; j < count; j++) {
      int p = column + j;
      float value = VectorisedKernels.get(y, at + j);
      float before = VectorisedKernels.get(g, at + j);
      float result = gradient(before, value, scale[p], meanG[p], mean[p], slope[p]);
      VectorisedKernels.set(g, at + j, result);
    }
  }

  private static void byToken(
      MemorySegment g, MemorySegment y, long at, int count, NormGradient norm, int feature) {
    float scale = norm.scale().wide()[feature];
    float meanG = norm.meanG().wide()[feature];
    float mean = norm.mean().wide()[feature];
    float slope = norm.slope().wide()[feature];
    int j = 0;
    for (; j <= count - LANES; j += LANES) {
      FloatVector result =
          gradient(
              VectorisedKernels.load(g, at + j),
              VectorisedKernels.load(y, at + j),
              FloatVector.broadcast(S, scale),
              FloatVector.broadcast(S, meanG),
              FloatVector.broadcast(S, mean),
              FloatVector.broadcast(S, slope));
      VectorisedKernels.store(result, g, at + j);
    }
    for (; j < count; j++) {
      float value = VectorisedKernels.get(y, at + j);
      float before = VectorisedKernels.get(g, at + j);
      VectorisedKernels.set(g, at + j, gradient(before, value, scale, meanG, mean, slope));
    }
  }

  /** The equation of {@link NormGradient}. */
  static FloatVector gradient(
      FloatVector g,
      FloatVector y,
      FloatVector scale,
      FloatVector meanG,
      FloatVector mean,
      FloatVector slope) {
    return g.sub(meanG).sub(y.sub(mean).mul(slope)).mul(scale);
  }

  /** The same of one number, rounded the same. */
  static float gradient(float g, float y, float scale, float meanG, float mean, float slope) {
    return scale * ((g - meanG) - (y - mean) * slope);
  }
}
