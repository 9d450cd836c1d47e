package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;

/** The two kinds of kernels, the numbers their tests give them, and how results are compared. */
final class KernelNumbers {

  static final Kernels NAIVE = NaiveKernels.of(Precision.SINGLE);
  static final Kernels VECTORISED = new VectorisedKernels();
  static final int SAMPLES = 2;

  /** Of layers: below, at and above whole vectors and words of spikes. */
  static final int[] WIDTHS = {1, 3, 8, 13, 60, 207, 600};

  private static final float[] EXTREMES = {
    0f,
    -0f,
    1f,
    2f,
    Math.nextDown(2f),
    1e30f,
    -1e30f,
    Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    Float.MIN_VALUE
  };

  private KernelNumbers() {}

  static Tensor zeros(long size) {
    return Tensor.zeros(Precision.SINGLE, size);
  }

  /** Random numbers from -2 to 3; if extreme, a third of them such as infinity. */
  static Tensor numbers(SplittableRandom random, long size, boolean extreme) {
    Tensor tensor = zeros(size);
    for (long i = 0; i < size; i++) {
      boolean pick = extreme && random.nextInt(3) == 0;
      tensor.set(i, pick ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextDouble(-2, 3));
    }
    return tensor;
  }

  /** δY of some rows of g, whose y is g too, by random numbers a feature, always the same. */
  static OutputGradient outputGradient(
      Kernels kernels, Tensor g, long firstRow, int rows, int width) {
    SplittableRandom random = new SplittableRandom(width);
    ByFeature[] by = new ByFeature[4];
    for (int i = 0; i < by.length; i++) {
      by[i] = new ByFeature(kernels.precision(), width, 1);
      for (int f = 0; f < width; f++) {
        by[i].set(f, random.nextDouble(0.5, 2));
      }
    }
    NormGradient norm = new NormGradient(by[0], by[1], by[2], by[3]);
    return kernels.outputGradient(g, g, firstRow, rows, width, norm);
  }

  static int[] bits(Tensor tensor) {
    int[] bits = new int[(int) tensor.size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits((float) tensor.get(i));
    }
    return bits;
  }

  static void assertEqual(Moments actual, Moments expected, int features) {
    for (int sample = 0; sample < SAMPLES; sample++) {
      for (int f = 0; f < features; f++) {
        assertThat(actual.first(sample, f)).isEqualTo(expected.first(sample, f));
        assertThat(actual.second(sample, f)).isEqualTo(expected.second(sample, f));
      }
    }
  }

  static void assertClose(Moments actual, Moments expected, int features, double tolerance) {
    for (int sample = 0; sample < SAMPLES; sample++) {
      for (int f = 0; f < features; f++) {
        double one = expected.first(sample, f);
        double two = expected.second(sample, f);
        assertThat(actual.first(sample, f))
            .isCloseTo(one, within(tolerance * Math.max(1, Math.abs(one))));
        assertThat(actual.second(sample, f))
            .isCloseTo(two, within(tolerance * Math.max(1, Math.abs(two))));
      }
    }
  }

  static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    for (long i = 0; i < expected.size(); i++) {
      double scale = Math.max(1, Math.abs(expected.get(i)));
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(tolerance * scale));
    }
  }
}
