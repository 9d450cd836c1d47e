package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.contract.network.Surrogate;
import spikemlp.neuron.LifNeuron;

/** The vectorised kernels against the naive ones, on odd sizes and extreme numbers. */
final class KernelsTest {

  private static final Kernels NAIVE = NaiveKernels.of(Precision.SINGLE);
  private static final Kernels VECTORISED = new VectorisedKernels();
  private static final int[] SIZES = {1, 3, 7, 8, 13, 64, 207};
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

  static Stream<Arguments> stepsAndSizes() {
    return Stream.of(1, 2, 4, 6)
        .flatMap(t -> Arrays.stream(SIZES).mapToObj(m -> Arguments.of(t, m)));
  }

  @ParameterizedTest
  @MethodSource("stepsAndSizes")
  void firesExactlyTheSameSpikes(int timeSteps, int neurons) {
    for (double tau : new double[] {2, 1.5, 1}) {
      for (boolean extreme : new boolean[] {false, true}) {
        for (boolean folded : new boolean[] {false, true}) {
          Run naive = fire(NAIVE, timeSteps, neurons, tau, extreme, folded);
          Run fast = fire(VECTORISED, timeSteps, neurons, tau, extreme, folded);
          assertThat(bits(fast.spikes)).containsExactly(bits(naive.spikes));
          assertThat(bits(fast.potentials)).containsExactly(bits(naive.potentials));
          assertThat(bits(fast.normalised)).containsExactly(bits(naive.normalised));
        }
      }
    }
  }

  @Test
  void aFoldedNeuronLeaksThenAddsRoundingTwice() {
    float leak = (float) (1 - 1 / 1.5);
    float second = 1 - leak;
    float first = Math.nextDown(1f);
    while (leak * first + second == Math.fma(leak, first, second)) {
      first = Math.nextDown(first);
    }
    assertThat(first).isPositive();
    for (Kernels kernels : List.of(NAIVE, VECTORISED)) {
      for (int neurons : SIZES) {
        Tensor z = zeros(2L * neurons);
        Tensor ones = zeros(neurons);
        for (int j = 0; j < neurons; j++) {
          z.set(j, first);
          z.set(neurons + j, second);
          ones.set(j, 1);
        }
        Tensor potentials = zeros(z.size());
        Tensor spikes = zeros(z.size());
        kernels.fireFolded(
            new Charge(2, neurons, new Current(z, true), ones, zeros(neurons), neurons, List.of()),
            new Firing(
                new LifNeuron(1.5, 7, true, Surrogate.SIGMOID),
                Optional.empty(),
                Optional.of(potentials),
                spikes),
            0);
        float h = leak * first + second;
        for (int j = 0; j < neurons; j++) {
          assertThat(potentials.get(neurons + j)).isEqualTo(h);
          assertThat(spikes.get(j)).as("just below the threshold").isZero();
          assertThat(spikes.get(neurons + j)).isEqualTo(h >= 1 ? 1 : 0);
        }
      }
    }
  }

  private record Run(Tensor spikes, Tensor potentials, Tensor normalised) {}

  private static Run fire(
      Kernels kernels, int timeSteps, int neurons, double tau, boolean extreme, boolean folded) {
    int samples = 2;
    long size = (long) samples * timeSteps * neurons;
    SplittableRandom random = new SplittableRandom(timeSteps * 1000L + neurons);
    Tensor y = numbers(random, size, extreme);
    Tensor scale = numbers(random, neurons, false);
    Tensor shift = numbers(random, neurons, false);
    Tensor everyStep = numbers(random, size, false);
    Tensor once = numbers(random, (long) samples * neurons, false);
    Charge charge =
        new Charge(
            timeSteps,
            neurons,
            new Current(y, true),
            scale,
            shift,
            neurons,
            List.of(new Current(everyStep, true), new Current(once, false)));
    Run run = new Run(zeros(size), zeros(size), zeros(size));
    Firing firing =
        new Firing(
            new LifNeuron(tau, 1, true, Surrogate.SIGMOID),
            Optional.of(run.normalised),
            Optional.of(run.potentials),
            run.spikes);
    for (int sample = 0; sample < samples; sample++) {
      if (folded) {
        kernels.fireFolded(charge, firing, sample);
      } else {
        kernels.fire(charge, firing, sample);
      }
    }
    return run;
  }

  @Test
  void aPotentialOnTheThresholdFiresAndOneBelowDoesNot() {
    for (Kernels kernels : List.of(NAIVE, VECTORISED)) {
      Tensor y = zeros(20);
      for (int i = 0; i < 20; i++) {
        // τ = 2: h = z/2 at the first step.
        y.set(i, i % 2 == 0 ? 2f : Math.nextDown(2f));
      }
      Tensor ones = zeros(20);
      for (int i = 0; i < 20; i++) {
        ones.set(i, 1);
      }
      Tensor spikes = zeros(20);
      Charge charge = new Charge(1, 20, new Current(y, true), ones, zeros(20), 20, List.of());
      kernels.fire(
          charge,
          new Firing(
              new LifNeuron(2, 1, true, Surrogate.SIGMOID),
              Optional.empty(),
              Optional.empty(),
              spikes),
          0);
      for (int i = 0; i < 20; i++) {
        assertThat(spikes.get(i)).as("neuron %d", i).isEqualTo(i % 2 == 0 ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("stepsAndSizes")
  void goesBackwardThroughTimeAlike(int timeSteps, int neurons) {
    for (Surrogate surrogate : Surrogate.values()) {
      for (boolean detach : new boolean[] {true, false}) {
        LifNeuron neuron = new LifNeuron(1.5, 1, detach, surrogate);
        SplittableRandom random = new SplittableRandom(neurons);
        Tensor potentials = numbers(random, (long) timeSteps * neurons, false);
        Tensor naive = numbers(random, (long) timeSteps * neurons, false);
        Tensor fast = zeros(naive.size());
        fast.copyFrom(naive, 0, 0, naive.size());
        NAIVE.fireBackward(neuron, potentials, naive, timeSteps, neurons, 0);
        VECTORISED.fireBackward(neuron, potentials, fast, timeSteps, neurons, 0);
        assertClose(fast, naive, 1e-5);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("stepsAndSizes")
  void sumsRowsInTheSameOrder(int rows, int period) {
    SplittableRandom random = new SplittableRandom(rows + period);
    Tensor x = numbers(random, (long) rows * period, false);
    Tensor g = numbers(random, (long) rows * period, false);
    Tensor mean = numbers(random, period, false);
    Tensor rstd = numbers(random, period, false);
    Tensor[][] results = new Tensor[2][];
    for (int which = 0; which < 2; which++) {
      Kernels kernels = which == 0 ? NAIVE : VECTORISED;
      Tensor[] sums = {zeros(period), zeros(period), zeros(period), zeros(period), zeros(x.size())};
      kernels.sum(x, 0, rows, period, sums[0], 0);
      kernels.squares(x, 0, rows, period, mean, sums[1], 0);
      kernels.gradientSums(g, x, 0, rows, period, mean, rstd, sums[2], sums[3], 0);
      sums[4].copyFrom(g, 0, 0, g.size());
      kernels.normaliseBackward(sums[4], x, 0, rows, period, rstd, mean, rstd, mean);
      kernels.add(x, 0, sums[4], 0, x.size());
      results[which] = sums;
    }
    for (int i = 0; i < results[0].length; i++) {
      assertThat(bits(results[1][i])).containsExactly(bits(results[0][i]));
    }
  }

  @Test
  void multipliesAlongAnAxisAlike() {
    for (int features : SIZES) {
      for (int inner : SIZES) {
        if (features * inner > 7000) {
          continue;
        }
        Grid grid = new Grid(0, 2, features, inner);
        SplittableRandom random = new SplittableRandom(features * 31L + inner);
        Tensor x = numbers(random, 2L * features * inner, false);
        Tensor dy = numbers(random, 2L * features * inner, false);
        Tensor w = numbers(random, (long) features * features, false);
        for (boolean transposed : new boolean[] {false, true}) {
          for (boolean add : new boolean[] {false, true}) {
            Tensor naive = zeros(x.size());
            naive.copyFrom(dy, 0, 0, dy.size());
            Tensor fast = zeros(x.size());
            fast.copyFrom(dy, 0, 0, dy.size());
            NAIVE.axis(x, w, 0, naive, grid, transposed, add);
            VECTORISED.axis(x, w, 0, fast, grid, transposed, add);
            assertThat(bits(fast)).containsExactly(bits(naive));
          }
        }
        Tensor naive = zeros(w.size());
        Tensor fast = zeros(w.size());
        NAIVE.axisWeightGradient(x, dy, grid, naive, 0);
        VECTORISED.axisWeightGradient(x, dy, grid, fast, 0);
        assertClose(fast, naive, 1e-4);
      }
    }
  }

  @Test
  void descendsAlike() {
    SplittableRandom random = new SplittableRandom(7);
    Tensor gradient = numbers(random, 207, false);
    Tensor[][] states = new Tensor[2][];
    for (int which = 0; which < 2; which++) {
      SplittableRandom same = new SplittableRandom(8);
      Tensor[] state = {numbers(same, 207, false), numbers(same, 207, false)};
      Kernels kernels = which == 0 ? NAIVE : VECTORISED;
      kernels.descend(state[0], gradient, state[1], 207, 0.1, 0.9, 5e-4);
      states[which] = state;
    }
    assertThat(bits(states[1][0])).containsExactly(bits(states[0][0]));
    assertThat(bits(states[1][1])).containsExactly(bits(states[0][1]));
  }

  private static Tensor zeros(long size) {
    return Tensor.zeros(Precision.SINGLE, size);
  }

  private static Tensor numbers(SplittableRandom random, long size, boolean extreme) {
    Tensor tensor = zeros(size);
    for (long i = 0; i < size; i++) {
      boolean pick = extreme && random.nextInt(3) == 0;
      tensor.set(i, pick ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextDouble(-2, 3));
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

  private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    for (long i = 0; i < expected.size(); i++) {
      double scale = Math.max(1, Math.abs(expected.get(i)));
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(tolerance * scale));
    }
  }
}
