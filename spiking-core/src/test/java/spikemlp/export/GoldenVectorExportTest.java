package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.StoredTensor;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports the golden vectors' trained state and holds ONNX Runtime to PyTorch's answers. */
final class GoldenVectorExportTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "all-skips",
        "one-step-no-skips",
        "partition-ct-full-reset",
        "spe-default",
        "tet-six-steps",
        "three-stages"
      })
  void logitsAreCloseAndSpikesEqual(String vector) throws URISyntaxException {
    SafetensorsFile golden =
        Safetensors.read(
            Path.of(
                Objects.requireNonNull(
                        getClass().getResource("/reference/" + vector + ".safetensors"))
                    .toURI()));
    ModelCard card = Cards.of(config(golden.metadata("config")));
    Path model = directory.resolve("model.onnx");
    OnnxExporter.export(state(golden), card, model);

    float[] images = golden.floats("input").values();
    int batch = golden.tensor("input").shape()[0];
    try (OnnxModelSession session = new OnnxModelSession(model)) {
      OnnxModelSession.Answers answers =
          session.run(images, batch, card.input().height(), card.input().width());
      assertThat(relativeError(answers.logits(), golden.doubles("eval/logits").values()))
          .isLessThan(1e-4);
      for (int l = 0; l < card.topology().neurons().size(); l++) {
        String layer = card.topology().neurons().get(l).name();
        double[] expected = golden.doubles("eval/spikes_per_sample/" + layer).values();
        for (int b = 0; b < batch; b++) {
          assertThat((double) answers.spikes()[b][l])
              .as("spikes of sample %d in %s", b, layer)
              .isEqualTo(expected[b]);
        }
      }
    }
  }

  private static Map<String, WeightTensor> state(SafetensorsFile golden) {
    Map<String, WeightTensor> state = new LinkedHashMap<>();
    for (Map.Entry<String, StoredTensor> entry : golden.tensors().entrySet()) {
      if (entry.getKey().startsWith("after/")) {
        state.put(entry.getKey().substring("after/".length()), golden.floats(entry.getKey()));
      }
    }
    return state;
  }

  private static NetworkConfig config(String json) {
    JsonNode config = JsonMapper.shared().readTree(json);
    List<Integer> depths = new ArrayList<>();
    config.get("depths").forEach(depth -> depths.add(depth.asInt()));
    String skips =
        config.get("skips").valueStream().map(JsonNode::asString).collect(Collectors.joining("+"));
    boolean spe = config.get("patch_encoding").asString().equals("spe");
    return new NetworkConfig(
        config.get("image_size").asInt(),
        config.get("image_size").asInt(),
        config.get("patch_size").asInt(),
        config.get("embedding_dim").asInt(),
        depths,
        config.get("expansion_ratio").asInt(),
        spe ? PatchEncoding.SPE : PatchEncoding.PARTITION,
        Skips.named(skips),
        config.get("classes").asInt(),
        config.get("time_steps").asInt(),
        config.get("tau").asDouble(),
        config.get("threshold").asDouble(),
        config.get("detach_reset").asBoolean(),
        Surrogate.SIGMOID,
        config.get("bn_eps").asDouble(),
        config.get("bn_momentum").asDouble());
  }

  private static double relativeError(float[][] actual, double[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      int k = actual[0].length;
      double d = actual[i / k][i % k] - expected[i];
      difference += d * d;
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }
}
