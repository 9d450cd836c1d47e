package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.kernel.KernelNumbers.NAIVE;
import static spikemlp.kernel.KernelNumbers.VECTORISED;
import static spikemlp.kernel.KernelNumbers.WIDTHS;
import static spikemlp.kernel.KernelNumbers.assertClose;
import static spikemlp.kernel.KernelNumbers.assertEqual;
import static spikemlp.kernel.KernelNumbers.bits;
import static spikemlp.kernel.KernelNumbers.numbers;
import static spikemlp.kernel.KernelNumbers.outputGradient;
import static spikemlp.kernel.KernelNumbers.zeros;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;
import spikemlp.contract.network.Surrogate;
import spikemlp.neuron.LifNeuron;

/** Vectorised products against the naive ones, at odd sizes and any rate of firing. */
final class ProductKernelsTest {

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
        product.weightGradient(
            sample, outputGradient(kernels, dy, first, rows, outputs), first, rows);
      }
      product.finishGradient(dw[which], 0, 2);
      product.finishGradient(dw[which], 1, 2);
    }
    assertThat(bits(y[1])).containsExactly(bits(y[0]));
    assertClose(dw[1], dw[0], 1e-5);
    assertEqual(moments[1], moments[0], outputs);
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
      OutputGradient gradient = outputGradient(kernels, dy, 1, rows, outputs);
      int half = rows / 2;
      product.apply(gradient, 0, dx[which], 2, half);
      product.apply(gradient, half, dx[which], 2L + half, rows - half);
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
}
