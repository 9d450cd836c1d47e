package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.contract.network.Surrogate;
import spikemlp.kernel.Kernels.GradientSums;
import spikemlp.neuron.LifNeuron;

/** The vectorised kernels against the naive ones, on odd sizes and extreme numbers. */
final class KernelsTest {

  private static final Kernels NAIVE = NaiveKernels.of(Precision.SINGLE);
  private static final Kernels VECTORISED = new VectorisedKernels();
  private static final int SAMPLES = 2;
  private static final int TOKENS = 5;
  private static final int[] WIDTHS = {1, 3, 8, 13, 60, 207, 600};
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
    return numbers(spikes);
  }

  private static double[] numbers(Spikes spikes) {
    int width = spikes.slots() * spikes.width();
    double[] numbers = new double[(int) spikes.rows() * width];
    long fired = 0;
    for (int row = 0; row < spikes.rows(); row++) {
      for (int i = 0; i < width; i++) {
        numbers[row * width + i] = spikes.get(row, i);
        fired += numbers[row * width + i] == 1 ? 1 : 0;
      }
    }
    assertThat(spikes.count(0, spikes.rows())).isEqualTo(fired);
    return numbers;
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
          LifNeuron neuron = new LifNeuron(1.5, 1, detach, surrogate);
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
      }
    }
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
              by[1],
              by[2],
              by[0],
              by[3]);
        }
        kernels.add(y, 0, normalised[which], 0, size);
      }
      assertThat(bits(normalised[1])).containsExactly(bits(normalised[0]));
      assertClose(moments[1][1], moments[0][1], by[0].features(), 1e-4);
      for (int sample = 0; sample < SAMPLES; sample++) {
        for (int f = 0; f < by[0].features(); f++) {
          assertThat(moments[1][0].first(sample, f)).isEqualTo(moments[0][0].first(sample, f));
          assertThat(moments[1][0].second(sample, f)).isEqualTo(moments[0][0].second(sample, f));
        }
      }
    }
  }

  @Test
  void multipliesSpikesAlikeAtAnyRate() {
    for (double rate : new double[] {0, 0.1, 0.6, 0.8, 1}) {
      for (int width : new int[] {1, 13, 60, 130}) {
        for (int outputs : new int[] {1, 13, 200}) {
          multiplySpikes(rate, width, outputs, 70);
        }
      }
    }
  }

  @Test
  void multipliesSpikesAlikeForAnyNumberOfVectors() {
    int lanes = FloatVector.SPECIES_PREFERRED.length();
    for (int vectors = 1; vectors <= 14; vectors++) {
      multiplySpikes(0.2, 70, vectors * lanes, 70);
    }
  }

  private static void multiplySpikes(double rate, int width, int outputs, int rows) {
    SplittableRandom random = new SplittableRandom(width * 31L + outputs);
    int inputs = 5 * width;
    Tensor weights = numbers(random, 7 + (long) inputs * outputs, false);
    Tensor dy = numbers(random, 2L * rows * outputs, false);
    Tensor[] y = new Tensor[2];
    Tensor[] dw = new Tensor[2];
    Moments[] moments = new Moments[2];
    for (int which = 0; which < 2; which++) {
      Kernels kernels = which == 0 ? NAIVE : VECTORISED;
      SplittableRandom same = new SplittableRandom(5);
      Spikes[] x = {kernels.spikes(2L * rows, 1, width), kernels.spikes(2L * rows, 4, width)};
      for (Spikes spikes : x) {
        for (long row = 0; row < 2L * rows; row++) {
          for (int slot = 0; slot < spikes.slots(); slot++) {
            spikes.copySlots(row(kernels, same, width, rate), 0, row, slot, 1);
          }
        }
      }
      SpikeProduct product =
          kernels.product(
              weights,
              List.of(
                  new SpikeProduct.Part(x[0], 7),
                  new SpikeProduct.Part(x[1], 7 + (long) width * outputs)),
              outputs,
              2);
      product.prepare(0, 2);
      product.prepare(1, 2);
      y[which] = zeros(2L * rows * outputs);
      dw[which] = zeros(weights.size());
      moments[which] = new Moments(2, outputs);
      for (int sample = 0; sample < 2; sample++) {
        long first = (long) sample * rows;
        product.forward(first, rows, y[which], sample, Optional.of(moments[which]));
        product.clearGradient(sample);
        product.weightGradient(sample, dy, first, rows);
      }
      product.finishGradient(dw[which], 0, 2);
      product.finishGradient(dw[which], 1, 2);
    }
    assertThat(bits(y[1])).containsExactly(bits(y[0]));
    assertClose(dw[1], dw[0], 1e-5);
    for (int sample = 0; sample < 2; sample++) {
      for (int o = 0; o < outputs; o++) {
        assertThat(moments[1].first(sample, o)).isEqualTo(moments[0].first(sample, o));
        assertThat(moments[1].second(sample, o)).isEqualTo(moments[0].second(sample, o));
      }
    }
  }

  @Test
  void multipliesGradientsAlike() {
    for (int outputs : new int[] {1, 13, 96, 5000}) {
      for (int inputs : new int[] {1, 16, 60, 140, 207}) {
        for (int rows : outputs < 5000 ? new int[] {1, 6, 71} : new int[] {1, 7}) {
          multiplyGradients(outputs, inputs, rows);
        }
      }
    }
  }

  private static void multiplyGradients(int outputs, int inputs, int rows) {
    SplittableRandom random = new SplittableRandom(outputs * 31L + inputs);
    Tensor weights = numbers(random, 7 + (long) inputs * outputs, false);
    Tensor dy = numbers(random, (rows + 2L) * outputs, false);
    dy.set((rows + 1L) * outputs, Float.NaN); // of a row that is not asked for
    Tensor[] dx = new Tensor[2];
    for (int which = 0; which < 2; which++) {
      Kernels kernels = which == 0 ? NAIVE : VECTORISED;
      InputGradient product = kernels.inputGradient(weights, 7, outputs, inputs);
      product.prepare(0, 2);
      product.prepare(1, 2);
      dx[which] = numbers(new SplittableRandom(4), (rows + 2L) * inputs, false);
      product.apply(dy, 1, dx[which], 2, rows);
    }
    assertThat(bits(dx[1])).containsExactly(bits(dx[0]));
  }

  /** A row of random spikes. */
  private static Spikes row(Kernels kernels, SplittableRandom random, int width, double rate) {
    Tensor z = zeros(width);
    for (int j = 0; j < width; j++) {
      z.set(j, random.nextDouble() < rate ? 1 : 0);
    }
    Spikes row = kernels.spikes(1, 1, width);
    kernels.fireFolded(
        new Charge(1, 1, width, Current.plain(z, true), List.of()),
        new LifNeuron(2, 1, true, Surrogate.SIGMOID),
        row,
        0);
    return row;
  }

  @Test
  void countsWhatATokenFiredOnAverage() {
    for (int width : WIDTHS) {
      Tensor[] means = {zeros(width), zeros(width)};
      for (int which = 0; which < 2; which++) {
        Kernels kernels = which == 0 ? NAIVE : VECTORISED;
        SplittableRandom same = new SplittableRandom(11);
        Spikes spikes = kernels.spikes(6, 1, width);
        for (int row = 0; row < 6; row++) {
          spikes.copySlots(row(kernels, same, width, 0.5), 0, row, 0, 1);
        }
        spikes.clearSlots(5, 0, 1);
        kernels.meanOverTokens(spikes, 1, 5, means[which], 0);
      }
      assertThat(bits(means[1])).containsExactly(bits(means[0]));
    }
  }

  @Test
  void multipliesAlongAnAxisAlike() {
    for (int features : new int[] {1, 3, 4, 7, 16}) {
      for (int width : WIDTHS) {
        for (int runs : new int[] {1, 3}) {
          int inner = runs * width;
          if (features * inner > 7000) {
            continue;
          }
          Grid grid = new Grid((long) features * inner, 2, features, inner);
          SplittableRandom random = new SplittableRandom(features * 31L + inner);
          Tensor dy = numbers(random, 3L * features * inner, false);
          Tensor w = numbers(random, (long) features * features, false);
          Tensor[][] results = new Tensor[2][];
          for (int which = 0; which < 2; which++) {
            Kernels kernels = which == 0 ? NAIVE : VECTORISED;
            SplittableRandom same = new SplittableRandom(3);
            Spikes x = kernels.spikes(3L * features * runs, 1, width);
            for (int row = 0; row < x.rows(); row++) {
              x.copySlots(row(kernels, same, width, 0.3), 0, row, 0, 1);
            }
            Tensor[] result = {zeros(dy.size()), zeros(dy.size()), zeros(w.size())};
            result[1].copyFrom(dy, 0, 0, dy.size());
            kernels.axis(x, w, 0, result[0], grid);
            kernels.axisInputGradient(dy, w, 0, result[1], grid);
            kernels.axisWeightGradient(x, dy, grid, result[2], 0);
            results[which] = result;
          }
          assertThat(bits(results[1][0])).containsExactly(bits(results[0][0]));
          assertThat(bits(results[1][1])).containsExactly(bits(results[0][1]));
          assertClose(results[1][2], results[0][2], 1e-4);
        }
      }
    }
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

  private static void assertClose(
      Moments actual, Moments expected, int features, double tolerance) {
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

  private static void assertClose(Tensor actual, Tensor expected, double tolerance) {
    for (long i = 0; i < expected.size(); i++) {
      double scale = Math.max(1, Math.abs(expected.get(i)));
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(tolerance * scale));
    }
  }
}
