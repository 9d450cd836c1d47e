package spikemlp.kernel;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * A thread's rows of δY, each of whole vectors, in an array: the products of backward take numbers
 * from it one by one, which costs more from a segment, and it stays in the second-level cache while
 * they do. What fills up a row is never read for a result.
 */
final class VectorisedOutputGradient implements OutputGradient {

  private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = S.length();

  private float[] numbers = {};
  private int step;

  /** The rows, from {@link Scratch#START} on. */
  float[] numbers() {
    return numbers;
  }

  /** From row to row. */
  int step() {
    return step;
  }

  /** Where a row begins. */
  int at(int row) {
    return Scratch.START + row * step;
  }

  /** See {@link Kernels#outputGradient}. */
  void normalise(
      MemorySegment g, MemorySegment y, long firstRow, int rows, int width, NormGradient norm) {
    step = Math.ceilDiv(width, LANES) * LANES;
    if (numbers.length < at(rows) + Scratch.SLACK) {
      numbers = new float[at(rows) + Scratch.SLACK];
    }
    float[] scale = norm.scale().wide();
    float[] meanG = norm.meanG().wide();
    float[] mean = norm.mean().wide();
    float[] slope = norm.slope().wide();
    for (int row = 0; row < rows; row++) {
      row(g, y, (firstRow + row) * width, width, scale, meanG, mean, slope, at(row));
    }
  }

  private void row(
      MemorySegment g,
      MemorySegment y,
      long from,
      int width,
      float[] scale,
      float[] meanG,
      float[] mean,
      float[] slope,
      int to) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      vector(g, y, from, scale, meanG, mean, slope, to, j);
    }
    if (j < width && width >= LANES) {
      vector(g, y, from, scale, meanG, mean, slope, to, width - LANES);
      return;
    }
    for (; j < width; j++) {
      numbers[to + j] =
          VectorisedNorm.gradient(
              VectorisedKernels.get(g, from + j),
              VectorisedKernels.get(y, from + j),
              scale[j],
              meanG[j],
              mean[j],
              slope[j]);
    }
  }

  private void vector(
      MemorySegment g,
      MemorySegment y,
      long from,
      float[] scale,
      float[] meanG,
      float[] mean,
      float[] slope,
      int to,
      int j) {
    VectorisedNorm.gradient(
            VectorisedKernels.load(g, from + j),
            VectorisedKernels.load(y, from + j),
            load(scale, j),
            load(meanG, j),
            load(mean, j),
            load(slope, j))
        .intoArray(numbers, to + j);
  }

  private static FloatVector load(float[] from, int at) {
    return FloatVector.fromArray(S, from, at);
  }
}
