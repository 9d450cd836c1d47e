package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.WeightPrecision;
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
    return shapes()
        .flatMap(shape ->
            Stream.of(WeightPrecision.values())
                .map(precision -> arguments(shape.get()[0], shape.get()[1], precision)));
  }

  private static Stream<Arguments> shapes() {
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

  @ParameterizedTest(name = "{0}, {2}")
  @MethodSource("networks")
  void firesTheSpikesOfTheCore(String name, NetworkConfig config, WeightPrecision precision) {
    Map<String, WeightTensor> weights = RandomWeights.of(config, 11);
    Path model = directory.resolve("model.onnx");
    OnnxExporter.export(weights, Cards.of(config), precision, model);
    float[] images = RandomWeights.images(config, IMAGES, 12);
    try (SpikingMlp network = SpikingMlp.create(config, 1);
        OnnxModelSession session = new OnnxModelSession(model)) {
      network.load(weights);
      SpikingMlp.Outputs core = infer(network, precision, images);
      OnnxModelSession.Answers onnx =
          session.run(images, IMAGES, config.imageHeight(), config.imageWidth());
      for (int b = 0; b < IMAGES; b++) {
        assertThat(onnx.spikes()[b])
            .as("spikes of image %d", b)
            .isEqualTo(floats(core.spikes()[b]));
        if (core.windows()[b].length > 0) {
          assertThat(onnx.windows()[b]).isEqualTo(floats(core.windows()[b]));
        }
        assertThat(onnx.logits()[b])
            .usingComparatorWithPrecision(1e-5f)
            .containsExactly(core.logits()[b]);
      }
    }
  }

  private static SpikingMlp.Outputs infer(
      SpikingMlp network, WeightPrecision precision, float[] images) {
    return switch (precision) {
      case FP32 -> network.infer(images, IMAGES);
      case INT8 -> {
        try (SpikingMlp quantised = network.quantised()) {
          yield quantised.infer(images, IMAGES);
        }
      }
    };
  }

  @Test
  void eightBitWeightsAreOtherWeights() {
    NetworkConfig config = NetworkConfig.of(16, 16, 2, 24, List.of(2, 1), 5);
    float[] images = RandomWeights.images(config, IMAGES, 12);
    try (SpikingMlp network = SpikingMlp.create(config, 1)) {
      network.load(RandomWeights.of(config, 11));
      long[][] spikes = infer(network, WeightPrecision.INT8, images).spikes();
      assertThat(Arrays.deepEquals(spikes, network.infer(images, IMAGES).spikes())).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noOptimisationAndNoNumberOfThreadsChangesASpike(WeightPrecision precision)
      throws OrtException {
    NetworkConfig config = NetworkConfig.of(16, 16, 2, 24, List.of(2, 1), 5);
    Path model = directory.resolve("model.onnx");
    OnnxExporter.export(RandomWeights.of(config, 3), Cards.of(config), precision, model);
    float[] images = RandomWeights.images(config, IMAGES, 4);
    List<float[][]> answers = new ArrayList<>();
    for (OptLevel level : OptLevel.values()) {
      for (int threads = 1; threads <= 2; threads++) {
        answers.add(spikes(model, images, level, threads));
      }
    }
    assertThat(answers).allSatisfy(spikes -> assertThat(spikes).isDeepEqualTo(answers.getFirst()));
  }

  private static float[][] spikes(Path model, float[] images, OptLevel level, int threads)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(level);
      options.setIntraOpNumThreads(threads);
      try (OrtSession session = environment.createSession(model.toString(), options);
          OnnxTensor input =
              OnnxTensor.createTensor(
                  environment, FloatBuffer.wrap(images), new long[] {IMAGES, 3, 16, 16});
          OrtSession.Result result = session.run(Map.of(ModelCard.INPUT_NAME, input))) {
        return (float[][]) result.get(ModelCard.SPIKES_NAME).orElseThrow().getValue();
      }
    }
  }

  private static float[] floats(long[] counts) {
    float[] floats = new float[counts.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = counts[i];
    }
    return floats;
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
