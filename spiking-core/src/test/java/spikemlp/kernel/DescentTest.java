package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernels that change weights: vectorised against naive, naive against the equations. */
final class DescentTest {

  private static final Kernels NAIVE = NaiveKernels.of(Precision.SINGLE);
  private static final Kernels VECTORISED = new VectorisedKernels();
  private static final int FROM = 3;
  private static final float[] EXTREMES = {
    0f,
    -0f,
    1f,
    1e30f,
    -1e30f,
    Float.MAX_VALUE,
    Float.MIN_VALUE,
    1e-30f,
    Float.NaN,
    Float.POSITIVE_INFINITY
  };

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 8, 13, 64, 207, 1031})
  void bothChangeTheSameNumbersToTheSameBits(int count) {
    for (boolean extreme : new boolean[] {false, true}) {
      Tensor[] naive = changed(NAIVE, count, extreme);
      Tensor[] vectorised = changed(VECTORISED, count, extreme);
      Tensor[] before = state(count, extreme);
      for (int i = 0; i < naive.length; i++) {
        assertThat(bits(vectorised[i])).as("tensor %d", i).containsExactly(bits(naive[i]));
      }
      for (int moved : new int[] {0, 1}) { // nothing before FROM or after the run
        int[] old = bits(before[moved]);
        int[] now = bits(naive[moved]);
        assertThat(Arrays.copyOf(now, FROM)).containsExactly(Arrays.copyOf(old, FROM));
        assertThat(Arrays.copyOfRange(now, FROM + count, now.length))
            .containsExactly(Arrays.copyOfRange(old, FROM + count, now.length));
      }
    }
  }

  /** Two sets of w, m, v, and a gradient and an average after each of the kernels. */
  private static Tensor[] changed(Kernels kernels, int count, boolean extreme) {
    Tensor[] t = state(count, extreme);
    kernels.descend(t[0], t[6], t[1], FROM, count, 0.1, 0.9, 5e-4);
    AdamWStep step = AdamWStep.of(0.9, 0.999, 1e-8, 0.01, 0.05, 2);
    kernels.descendAdamW(t[2], t[6], t[3], t[4], FROM, count, step);
    kernels.average(t[5], t[2], count, 0.99);
    kernels.scale(t[6], count, 0.3);
    return t;
  }

  private static Tensor[] state(int count, boolean extreme) {
    SplittableRandom random = new SplittableRandom(count);
    Tensor[] tensors = new Tensor[7];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = numbers(random, count + 2 * FROM, extreme, i == 4);
    }
    return tensors;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 8, 13, 64, 207, 1031})
  void normsAreTheSameBits(int count) {
    Tensor g = numbers(new SplittableRandom(count), count, false, false);
    double exact = 0;
    for (int i = 0; i < count; i++) {
      exact += g.get(i) * g.get(i);
    }
    assertThat(VECTORISED.squaredNorm(g, count))
        .isEqualTo(NAIVE.squaredNorm(g, count))
        .isCloseTo(exact, within(1e-12 * exact));
  }

  @Test
  void manyStepsOfAdamWFollowItsEquations() {
    double rate = 0.02;
    double decay = 0.1;
    double[] w = {0.5, -2, 3};
    double[] m = new double[3];
    double[] v = new double[3];
    Tensor weights = Tensor.zeros(Precision.DOUBLE, 3);
    List<Tensor> state =
        List.of(
            Tensor.zeros(Precision.DOUBLE, 3),
            Tensor.zeros(Precision.DOUBLE, 3),
            Tensor.zeros(Precision.DOUBLE, 3));
    for (int i = 0; i < 3; i++) {
      weights.set(i, w[i]);
    }
    SplittableRandom random = new SplittableRandom(5);
    Kernels kernels = NaiveKernels.of(Precision.DOUBLE);
    for (int t = 1; t <= 50; t++) {
      for (int i = 0; i < 3; i++) {
        double g = random.nextDouble(-1, 2);
        state.getFirst().set(i, g);
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        double mHat = m[i] / (1 - Math.pow(0.9, t));
        double vHat = v[i] / (1 - Math.pow(0.999, t));
        w[i] = w[i] - rate * decay * w[i] - rate * mHat / (Math.sqrt(vHat) + 1e-8);
      }
      AdamWStep step = AdamWStep.of(0.9, 0.999, 1e-8, rate, decay, t);
      kernels.descendAdamW(weights, state.get(0), state.get(1), state.get(2), 0, 3, step);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(weights.get(i)).isCloseTo(w[i], within(1e-10));
    }
  }

  private static Tensor numbers(
      SplittableRandom random, int size, boolean extreme, boolean positive) {
    Tensor tensor = Tensor.zeros(Precision.SINGLE, size);
    for (int i = 0; i < size; i++) {
      boolean pick = extreme && random.nextInt(3) == 0;
      double number = pick ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextDouble(-2, 3);
      tensor.set(i, positive ? Math.abs(number) : number);
    }
    return tensor;
  }

  private static int[] bits(Tensor tensor) {
    int[] bits = new int[(int) tensor.size()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToIntBits((float) tensor.get(i));
    }
    return bits;
  }
}
