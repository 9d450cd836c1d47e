package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import spikemlp.kernel.CheckKernels;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;
import spikemlp.kernel.Workers;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.layer.SpikingLayer;

/**
 * A whole network on the production kernels against the naive ones: a training step fires the same
 * spikes, gives the same logits and moves the weights as far.
 */
final class NaiveNetworkTest {

  private static final Skips ALL = new Skips(true, true, true, true);

  /** What a step leaves behind, by neuron layer and by parameter. */
  private record Step(
      double[][][] logits,
      Map<String, double[]> spikes,
      Map<String, double[]> gradients,
      Map<String, double[]> weights,
      Map<String, double[]> statistics) {

    double fired() {
      return spikes.values().stream().mapToDouble(NaiveNetworkTest::sum).sum();
    }
  }

  @ParameterizedTest
  @EnumSource
  void firesExactlyTheSameSpikes(PatchEncoding encoding) {
    NetworkConfig config =
        NetworkConfig.of(24, 16, 2, 12, List.of(2, 1), 5)
            .withPatchEncoding(encoding)
            .withSkips(ALL)
            .withTimeSteps(3);
    Step naive = step(config, 3, CheckKernels.naive(), NaiveNetworkTest::asCreated);
    requireSame(step(config, 3, Kernels.of(Precision.SINGLE), NaiveNetworkTest::asCreated), naive);
    assertThat(naive.fired()).isGreaterThan(10_000);
  }

  static Stream<Arguments> oddSizes() {
    return Stream.of(
        Arguments.of(PatchEncoding.PARTITION, 10, 6, 7, 3, 1, 1),
        Arguments.of(PatchEncoding.PARTITION, 14, 18, 13, 5, 1, 1),
        Arguments.of(PatchEncoding.PARTITION, 6, 10, 67, 1, 2, 3),
        Arguments.of(PatchEncoding.SPE, 10, 14, 60, 3, 1, 1),
        Arguments.of(PatchEncoding.SPE, 6, 18, 9, 7, 1, 5),
        Arguments.of(PatchEncoding.SPE, 10, 10, 33, 3, 9, 1));
  }

  @ParameterizedTest(name = "{0}, {1}×{2}, C = {3}, α = {4}, B = {5}, T = {6}")
  @MethodSource("oddSizes")
  void sizesThatFillNoVectorTrainTheSame(
      PatchEncoding encoding, int height, int width, int c, int ratio, int batch, int steps) {
    NetworkConfig config = config(height, width, c, ratio, encoding, steps);
    Step naive = step(config, batch, CheckKernels.naive(), NaiveNetworkTest::enliven);
    requireSame(
        step(config, batch, Kernels.of(Precision.SINGLE), NaiveNetworkTest::enliven), naive);
    naive.spikes().forEach((layer, spikes) -> assertThat(sum(spikes)).as(layer).isPositive());
  }

  /** Each normalisation with the neurons it drives. */
  static Stream<Arguments> drivenLayers() {
    Map<String, String> layers = new LinkedHashMap<>();
    layers.put("stages.0.patch.bn", "stages.0.lif_patch");
    layers.put("stages.1.patch.input_nodes.0.bn", "stages.1.patch.lif_1");
    layers.put("stages.1.patch.node_1_2.bn", "stages.1.patch.lif_2");
    String mixer = "stages.1.mixers.0.";
    layers.put(mixer + "token_h.bn", mixer + "lif_h");
    layers.put(mixer + "token_w.bn", mixer + "lif_w");
    layers.put(mixer + "fuse.bn", mixer + "lif_token");
    layers.put(mixer + "channel_1.bn", mixer + "lif_hidden");
    layers.put(mixer + "channel_2.bn", mixer + "lif_channel");
    layers.put("head.token_fc.bn", "head.lif");
    return layers.entrySet().stream()
        .flatMap(layer ->
            Stream.of(-1000, -15, 15, 1000)
                .map(beta -> Arguments.of(layer.getKey(), layer.getValue(), beta)));
  }

  @ParameterizedTest(name = "{1}, β = {2}")
  @MethodSource("drivenLayers")
  void aLayerThatNeverOrAlwaysFiresTrainsTheSame(String bn, String neurons, int beta) {
    NetworkConfig config = config(12, 8, 12, 3, PatchEncoding.SPE, 3);
    Consumer<SpikingMlp> driven =
        network -> {
          enliven(network);
          fill(network, bn + ".bias", beta);
        };
    Step naive = step(config, 3, CheckKernels.naive(), driven);
    Step fast = step(config, 3, Kernels.of(Precision.SINGLE), driven);
    assertThat(fast.spikes().get(neurons)).containsOnly(beta < 0 ? 0 : 1);
    requireSameForward(fast, naive);
    // After inputs that are all the same, normalisation divides rounding errors by √ε.
    requireClose(fast.gradients(), naive.gradients(), 1e-5, 1);
    requireClose(fast.weights(), naive.weights(), 1e-6, 1);
    Step exact = step(config, 3, Kernels.of(Precision.DOUBLE), driven);
    requireSameSpikes(fast, exact);
    requireClose(fast.gradients(), exact.gradients(), 1e-4, 1);
  }

  private static NetworkConfig config(
      int height, int width, int c, int ratio, PatchEncoding encoding, int steps) {
    return new NetworkConfig(
        height,
        width,
        2,
        c,
        List.of(1, 1),
        ratio,
        encoding,
        ALL,
        5,
        steps,
        2,
        1,
        true,
        Surrogate.SIGMOID,
        1e-5,
        0.1);
  }

  private static void asCreated(SpikingMlp network) {
    // As the seed made it.
  }

  /** Shifts β so that every layer fires at some places and not at others. */
  private static void enliven(SpikingMlp network) {
    SplittableRandom random = new SplittableRandom(6);
    Parameters parameters = network.parameters();
    for (Parameter parameter : parameters.byName().values()) {
      if (parameter.name().endsWith(".bn.bias")) {
        double[] beta = random.doubles(parameter.size(), 0, 3).toArray();
        parameters.write(parameter, parameters.values(), beta);
      }
    }
    parameters.changed();
  }

  private static void fill(SpikingMlp network, String name, double value) {
    Parameters parameters = network.parameters();
    double[] numbers = new double[parameters.named(name).size()];
    Arrays.fill(numbers, value);
    parameters.write(parameters.named(name), parameters.values(), numbers);
    parameters.changed();
  }

  private static void requireSame(Step actual, Step expected) {
    requireSameForward(actual, expected);
    requireClose(actual.gradients(), expected.gradients(), 1e-5, 1e-2);
    requireClose(actual.weights(), expected.weights(), 1e-6, 1e-2);
  }

  private static void requireSameForward(Step actual, Step expected) {
    requireSameSpikes(actual, expected);
    assertThat(actual.logits()).isDeepEqualTo(expected.logits());
    requireClose(actual.statistics(), expected.statistics(), 1e-6, 1e-2);
  }

  private static void requireSameSpikes(Step actual, Step expected) {
    expected
        .spikes()
        .forEach((layer, spikes) ->
            assertThat(actual.spikes().get(layer)).as(layer).containsExactly(spikes));
  }

  /** Measures a parameter's difference by its own norm, or a share of all parameters' norm. */
  private static void requireClose(
      Map<String, double[]> actual,
      Map<String, double[]> expected,
      double tolerance,
      double share) {
    double all = norm(expected.values().stream().flatMapToDouble(Arrays::stream).toArray());
    expected.forEach((name, numbers) -> {
      double[] difference = new double[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        difference[i] = actual.get(name)[i] - numbers[i];
      }
      assertThat(norm(difference))
          .as(name)
          .isCloseTo(0, within(tolerance * Math.max(norm(numbers), share * all)));
    });
  }

  private static Step step(
      NetworkConfig config, int batch, Kernels kernels, Consumer<SpikingMlp> change) {
    try (SpikingMlp network = SpikingMlp.create(config, 4, kernels);
        Layers layers = network.layers(Workers.ALL, batch, true)) {
      change.accept(network);
      Tensor images = layers.images();
      SplittableRandom random = new SplittableRandom(9);
      for (long i = 0; i < images.size(); i++) {
        images.set(i, random.nextGaussian());
      }
      double[][][] logits = layers.forward();
      int[] labels = random.ints(batch, 0, config.classes()).toArray();
      layers.backward(
          new Objective(Loss.MEAN, 0, config.threshold()).evaluate(logits, labels).dLogits());
      Parameters parameters = network.parameters();
      Map<String, double[]> gradients = numbers(parameters, parameters.gradients(), true);
      parameters.descend(kernels, 0.1, 0.9, 1e-4);
      Map<String, double[]> spikes = new LinkedHashMap<>();
      layers.neurons().forEach(layer -> spikes.put(layer.name(), numbers(layer)));
      return new Step(
          logits,
          spikes,
          gradients,
          numbers(parameters, parameters.values(), true),
          numbers(parameters, parameters.statistics(), false));
    }
  }

  private static Map<String, double[]> numbers(
      Parameters parameters, Tensor tensor, boolean trainable) {
    Map<String, double[]> numbers = new LinkedHashMap<>();
    for (Parameter parameter : parameters.byName().values()) {
      if (parameter.trainable() == trainable) {
        numbers.put(parameter.name(), parameters.read(parameter, tensor));
      }
    }
    return numbers;
  }

  private static double[] numbers(SpikingLayer layer) {
    Spikes spikes = layer.spikes();
    double[] numbers = new double[(int) spikes.rows() * spikes.width()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = spikes.get(i / spikes.width(), i % spikes.width());
    }
    return numbers;
  }

  private static double sum(double[] numbers) {
    return Arrays.stream(numbers).sum();
  }

  private static double norm(double[] numbers) {
    return Math.sqrt(Arrays.stream(numbers).map(x -> x * x).sum());
  }
}
