package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.kernel.CheckKernels;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;
import spikemlp.kernel.Workers;
import spikemlp.layer.SpikingLayer;

/**
 * A whole network on the production kernels against the naive ones: the same spikes in training.
 */
final class NaiveNetworkTest {

  private static final int BATCH = 3;

  /** What a pass leaves behind. */
  private record Pass(
      Map<String, double[]> gradients, double[][][] logits, List<double[]> spikes) {}

  @ParameterizedTest
  @EnumSource
  void firesExactlyTheSameSpikes(PatchEncoding encoding) {
    NetworkConfig config =
        NetworkConfig.of(24, 16, 2, 12, List.of(2, 1), 5)
            .withPatchEncoding(encoding)
            .withSkips(new Skips(true, true, true, true))
            .withTimeSteps(3);
    Pass naive = pass(config, CheckKernels.naive());
    Pass fast = pass(config, Kernels.of(Precision.SINGLE));
    long fired = 0;
    for (int layer = 0; layer < naive.spikes().size(); layer++) {
      assertThat(fast.spikes().get(layer))
          .as("layer %d", layer)
          .containsExactly(naive.spikes().get(layer));
      for (double spike : naive.spikes().get(layer)) {
        fired += (long) spike;
      }
    }
    assertThat(fired).isGreaterThan(10_000);
    assertThat(fast.logits()).isDeepEqualTo(naive.logits());
    naive
        .gradients()
        .forEach((name, gradient) ->
            assertThat(distance(fast.gradients().get(name), gradient))
                .as(name)
                .isCloseTo(0, within(1e-5)));
  }

  private static Pass pass(NetworkConfig config, Kernels kernels) {
    try (SpikingMlp network = SpikingMlp.create(config, 4, kernels);
        Layers layers = network.layers(Workers.ALL, BATCH, true)) {
      Tensor images = layers.images();
      SplittableRandom random = new SplittableRandom(9);
      for (long i = 0; i < images.size(); i++) {
        images.set(i, random.nextGaussian());
      }
      double[][][] logits = layers.forward();
      layers.backward(
          new Objective(Loss.MEAN, 0, config.threshold())
              .evaluate(logits, new int[] {0, 3, 1})
              .dLogits());
      Map<String, double[]> gradients = new java.util.LinkedHashMap<>();
      network
          .parameters()
          .byName()
          .values()
          .forEach(parameter -> {
            if (parameter.trainable()) {
              gradients.put(
                  parameter.name(),
                  network.parameters().read(parameter, network.parameters().gradients()));
            }
          });
      return new Pass(
          gradients,
          logits,
          layers.neurons().stream()
              .map(SpikingLayer::spikes)
              .map(NaiveNetworkTest::numbers)
              .toList());
    }
  }

  private static double[] numbers(Spikes spikes) {
    double[] numbers = new double[(int) spikes.rows() * spikes.width()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = spikes.get(i / spikes.width(), i % spikes.width());
    }
    return numbers;
  }

  private static double distance(double[] actual, double[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference / Math.max(norm, 1e-30));
  }
}
