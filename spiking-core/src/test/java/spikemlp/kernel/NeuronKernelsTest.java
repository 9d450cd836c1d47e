package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.kernel.KernelNumbers.NAIVE;
import static spikemlp.kernel.KernelNumbers.SAMPLES;
import static spikemlp.kernel.KernelNumbers.VECTORISED;
import static spikemlp.kernel.KernelNumbers.WIDTHS;
import static spikemlp.kernel.KernelNumbers.assertClose;
import static spikemlp.kernel.KernelNumbers.assertEqual;
import static spikemlp.kernel.KernelNumbers.bits;
import static spikemlp.kernel.KernelNumbers.numbers;
import static spikemlp.kernel.KernelNumbers.zeros;

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
import spikemlp.kernel.Kernels.GradientSums;
import spikemlp.neuron.LifNeuron;

/**
 * Vectorised neurons and batch statistics against the naive ones, on odd sizes and extreme numbers.
 */
final class NeuronKernelsTest {

  private static final int TOKENS = 5;

  static Stream<Arguments> stepsAndWidths() {
    return Stream.of(1, 2, 4, 6)
        .flatMap(t -> Arrays.stream(WIDTHS).mapToObj(width -> Arguments.of(t, width)));
  }

  /** A layer of neurons: its charge, normalised by channel or by token, with every kind of skip. */
  private static Charge charge(
      SplittableRandom random, int timeSteps, int width, boolean byToken, boolean extreme) {
    long step = (long) TOKENS * width;
    long size = (long) SAMPLES * timeSteps * step;
    Affine affine = affine(random, width, byToken);
    return new Charge(
        timeSteps,
        TOKENS,
        width,
        Current.normalised(numbers(random, size, extreme), affine),
        List.of(
            Current.plain(numbers(random, size, false), true),
            Current.plain(numbers(random, SAMPLES * step, false), false),
            Current.normalised(numbers(random, size, false), affine(random, width, false))));
  }

  /** By token: every two tokens share a feature, and features come round again. */
  private static ByFeature byFeature(SplittableRandom random, int width, boolean byToken) {
    ByFeature numbers =
        byToken
            ? new ByFeature(Precision.SINGLE, 3, 2 * width)
            : new ByFeature(Precision.SINGLE, width, 1);
    for (int f = 0; f < numbers.features(); f++) {
      numbers.set(f, random.nextDouble(-2, 3));
    }
    return numbers;
  }

  private static Affine affine(SplittableRandom random, int width, boolean byToken) {
    return new Affine(byFeature(random, width, byToken), byFeature(random, width, byToken));
  }

  private static double[] spikes(Kernels kernels, Charge charge, LifNeuron neuron, boolean folded) {
    long rows = (long) SAMPLES * charge.timeSteps() * TOKENS;
    Spikes spikes = kernels.spikes(rows, 1, charge.width());
    for (int sample = 0; sample < SAMPLES; sample++) {
      if (folded) {
        kernels.fireFolded(charge, neuron, spikes, sample);
      } else {
        kernels.fire(charge, neuron, spikes, sample);
      }
    }
    return values(spikes);
  }

  private static double[] values(Spikes spikes) {
    int width = spikes.slots() * spikes.width();
    double[] values = new double[(int) spikes.rows() * width];
    long fired = 0;
    for (int row = 0; row < spikes.rows(); row++) {
      for (int i = 0; i < width; i++) {
        values[row * width + i] = spikes.get(row, i);
        fired += values[row * width + i] == 1 ? 1 : 0;
      }
    }
    assertThat(spikes.count(0, spikes.rows())).isEqualTo(fired);
    return values;
  }

  @ParameterizedTest
  @MethodSource("stepsAndWidths")
  void firesExactlyTheSameSpikes(int timeSteps, int width) {
    long fired = 0;
    for (double tau : new double[] {2, 1.5, 1}) {
      for (boolean extreme : new boolean[] {false, true}) {
        for (boolean byToken : new boolean[] {false, true}) {
          Charge charge =
              charge(
                  new SplittableRandom(timeSteps * 1000L + width),
                  timeSteps,
                  width,
                  byToken,
                  extreme);
          LifNeuron neuron = new LifNeuron(tau, 1, true, Surrogate.SIGMOID);
          for (boolean folded : new boolean[] {false, true}) {
            double[] naive = spikes(NAIVE, charge, neuron, folded);
            assertThat(spikes(VECTORISED, charge, neuron, folded)).containsExactly(naive);
            fired += (long) Arrays.stream(naive).sum();
          }
          Tensor naive = zeros(charge.input().values().size());
          Tensor fast = zeros(naive.size());
          for (int sample = 0; sample < SAMPLES; sample++) {
            NAIVE.combine(charge, naive, sample);
            VECTORISED.combine(charge, fast, sample);
          }
          assertThat(bits(fast)).containsExactly(bits(naive));
        }
      }
    }
    assertThat(fired).isPositive();
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
    float h = leak * first + second;
    // Just above what two roundings give, and just at it: an fma would be off by one of them.
    for (Kernels kernels : List.of(NAIVE, VECTORISED)) {
      for (int width : WIDTHS) {
        Tensor z = zeros(2L * width);
        for (int j = 0; j < width; j++) {
          z.set(j, first);
          z.set(width + j, second);
        }
        Spikes spikes = kernels.spikes(2, 1, width);
        kernels.fireFolded(
            new Charge(2, 1, width, Current.plain(z, true), List.of()),
            new LifNeuron(1.5, 7, true, Surrogate.SIGMOID),
            spikes,
            0);
        for (int j = 0; j < width; j++) {
          assertThat(spikes.get(0, j)).as("just below the threshold").isZero();
          assertThat(spikes.get(1, j)).isEqualTo(h >= 1 ? 1 : 0);
        }
      }
    }
  }

  @Test
  void aPotentialOnTheThresholdFiresAndOneBelowDoesNot() {
    for (Kernels kernels : List.of(NAIVE, VECTORISED)) {
      Tensor y = zeros(20);
      for (int i = 0; i < 20; i++) {
        // τ = 2: h = z/2 at the first step.
        y.set(i, i % 2 == 0 ? 2f : Math.nextDown(2f));
      }
      Spikes spikes = kernels.spikes(1, 1, 20);
      kernels.fire(
          new Charge(1, 1, 20, Current.plain(y, true), List.of()),
          new LifNeuron(2, 1, true, Surrogate.SIGMOID),
          spikes,
          0);
      for (int i = 0; i < 20; i++) {
        assertThat(spikes.get(0, i)).as("neuron %d", i).isEqualTo(i % 2 == 0 ? 1 : 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("stepsAndWidths")
  void goesBackwardThroughTimeAlike(int timeSteps, int width) {
    for (Surrogate surrogate : Surrogate.values()) {
      for (boolean detach : new boolean[] {true, false}) {
        for (boolean byToken : new boolean[] {false, true}) {
          for (double tau : new double[] {2, 1.5}) {
            LifNeuron neuron = new LifNeuron(tau, 1, detach, surrogate);
            goBackwardThroughTime(neuron, timeSteps, width, byToken);
          }
        }
      }
    }
  }

  private static void goBackwardThroughTime(
      LifNeuron neuron, int timeSteps, int width, boolean byToken) {
    SplittableRandom random = new SplittableRandom(width);
    Charge charge = charge(random, timeSteps, width, byToken, false);
    ByFeature mean = byFeature(random, width, byToken);
    Tensor naive = numbers(random, charge.input().values().size(), false);
    Tensor fast = zeros(naive.size());
    fast.copyFrom(naive, 0, 0, naive.size());
    Moments naiveSums = new Moments(SAMPLES, mean.features());
    Moments fastSums = new Moments(SAMPLES, mean.features());
    for (int sample = 0; sample < SAMPLES; sample++) {
      NAIVE.fireBackward(
          charge, neuron, naive, sample, Optional.of(new GradientSums(mean, naiveSums)));
      VECTORISED.fireBackward(
          charge, neuron, fast, sample, Optional.of(new GradientSums(mean, fastSums)));
    }
    assertClose(fast, naive, 1e-5);
    assertClose(fastSums, naiveSums, mean.features(), 1e-4);
  }

  @ParameterizedTest
  @MethodSource("stepsAndWidths")
  void measuresAndNormalisesAlike(int steps, int width) {
    for (boolean byToken : new boolean[] {false, true}) {
      SplittableRandom random = new SplittableRandom(steps + width);
      long size = (long) SAMPLES * steps * TOKENS * width;
      Tensor y = numbers(random, size, false);
      Tensor g = numbers(random, size, false);
      ByFeature[] by = {
        byFeature(random, width, byToken),
        byFeature(random, width, byToken),
        byFeature(random, width, byToken),
        byFeature(random, width, byToken)
      };
      Moments[][] moments = new Moments[2][2];
      Tensor[] normalised = new Tensor[2];
      for (int which = 0; which < 2; which++) {
        Kernels kernels = which == 0 ? NAIVE : VECTORISED;
        moments[which][0] = new Moments(SAMPLES, by[0].features());
        moments[which][1] = new Moments(SAMPLES, by[0].features());
        normalised[which] = zeros(size);
        normalised[which].copyFrom(g, 0, 0, size);
        for (int sample = 0; sample < SAMPLES; sample++) {
          kernels.measure(y, steps, TOKENS, width, by[0], moments[which][0], sample);
          kernels.measureGradient(
              g, y, steps, TOKENS, width, new GradientSums(by[0], moments[which][1]), sample);
          kernels.normaliseBackward(
              normalised[which],
              y,
              (long) sample * steps * TOKENS,
              steps * TOKENS,
              width,
              new NormGradient(by[1], by[2], by[0], by[3]));
        }
        kernels.add(y, 0, normalised[which], 0, size);
      }
      assertThat(bits(normalised[1])).containsExactly(bits(normalised[0]));
      assertClose(moments[1][1], moments[0][1], by[0].features(), 1e-4);
      assertEqual(moments[1][0], moments[0][0], by[0].features());
    }
  }
}
