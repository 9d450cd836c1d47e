package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import spikemlp.network.SpikingMlp;

/** Networks of every kind of shape, exported, against the core. */
final class AgreementTest {

  private static final int IMAGES = 48;

  @TempDir Path directory;

  static Stream<Arguments> networks() {
    NetworkConfig small = NetworkConfig.of(16, 16, 2, 6, List.of(1, 1), 5);
    NetworkConfig rectangle = NetworkConfig.of(10, 18, 2, 6, List.of(2, 1, 1), 5);
    return Stream.of(
        arguments("one stage, one mixer", NetworkConfig.of(8, 8, 2, 3, List.of(1), 2)),
        arguments("one step", small.withTimeSteps(1)),
        arguments("six steps", small.withTimeSteps(6)),
        arguments("odd rectangular grids, SPE", rectangle),
        arguments(
            "odd rectangular grids, partition",
            rectangle.withPatchEncoding(PatchEncoding.PARTITION)),
        arguments("patch 3, τ 1.5", neuron(3, 1.5, 1)),
        arguments("τ 1, no leak", neuron(2, 1, 1)),
        arguments("τ 3, threshold 0.7", neuron(2, 3, 0.7)),
        arguments(
            "one token in the last stage", NetworkConfig.of(8, 8, 2, 3, List.of(1, 1, 1), 2)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void firesTheSpikesOfTheCore(String name, NetworkConfig config) {
    Map<String, WeightTensor> weights = RandomWeights.of(config, 11);
    Path model = directory.resolve("model.onnx");
    OnnxExporter.export(weights, Cards.of(config), model);
    float[] images = RandomWeights.images(config, IMAGES, 12);
    try (SpikingMlp network = SpikingMlp.create(config, 1);
        OnnxModelSession session = new OnnxModelSession(model)) {
      network.load(weights);
      SpikingMlp.Outputs core = network.infer(images, IMAGES);
      OnnxModelSession.Answers onnx =
          session.run(images, IMAGES, config.imageHeight(), config.imageWidth());
      int different = 0;
      for (int b = 0; b < IMAGES; b++) {
        if (equal(core.spikes()[b], onnx.spikes()[b])) {
          assertThat(onnx.logits()[b])
              .usingComparatorWithPrecision(1e-4f)
              .containsExactly(core.logits()[b]);
          assertThat(equal(core.windows()[b], onnx.windows()[b])).isTrue();
        } else {
          different++;
        }
      }
      assertThat(different).as("images of %d with other spikes", IMAGES).isLessThanOrEqualTo(1);
    }
  }

  private static boolean equal(long[] counts, float[] floats) {
    assertThat(floats).hasSize(counts.length);
    for (int i = 0; i < counts.length; i++) {
      if (floats[i] != (float) counts[i]) {
        return false;
      }
    }
    return true;
  }

  private static NetworkConfig neuron(int patch, double tau, double threshold) {
    return new NetworkConfig(
        8 * patch,
        8 * patch,
        patch,
        6,
        List.of(1, 1),
        2,
        PatchEncoding.SPE,
        new Skips(true, true, true, true),
        5,
        4,
        tau,
        threshold,
        true,
        Surrogate.SIGMOID,
        1e-5,
        0.1);
  }
}
