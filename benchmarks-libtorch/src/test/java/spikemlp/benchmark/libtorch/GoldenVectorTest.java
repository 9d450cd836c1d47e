package spikemlp.benchmark.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.checkpoint.DoubleTensor;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The peer held against PyTorch with SpikingJelly's neuron: that it is the right network. */
final class GoldenVectorTest {

  private static final Path REFERENCE = Path.of("../spiking-core/src/test/resources/reference");
  private static final double SINGLE = 1e-4;
  private static final double DOUBLE = 1e-9;

  private record Vector(SafetensorsFile file, JsonNode json, NetworkConfig config) {}

  static Stream<String> names() {
    return Stream.of(
        "spe-default",
        "partition-ct-full-reset",
        "tet-six-steps",
        "one-step-no-skips",
        "three-stages",
        "all-skips");
  }

  @ParameterizedTest
  @MethodSource("names")
  void singlePrecisionIsThePaperNetwork(String name) {
    holds(name, torch.ScalarType.Float, Settings.all().getFirst(), SINGLE);
  }

  @ParameterizedTest
  @MethodSource("names")
  void doublePrecisionAgreesToRounding(String name) {
    holds(name, torch.ScalarType.Double, Settings.all().getFirst(), DOUBLE);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void everySettingComputesTheSame(Settings settings) {
    holds("all-skips", torch.ScalarType.Double, settings, DOUBLE);
    holds("spe-default", torch.ScalarType.Float, settings, SINGLE);
  }

  static List<Settings> settings() {
    return Settings.all();
  }

  @Test
  void settingsAreFoundByName() {
    for (Settings settings : Settings.all()) {
      assertThat(Settings.named(settings.toString())).isEqualTo(settings);
    }
  }

  private static void holds(
      String name, torch.ScalarType type, Settings settings, double tolerance) {
    Vector vector = read(name);
    SafetensorsFile file = vector.file();
    double[] input = file.doubles("input").values();
    long[] labels = file.longs("labels").values();
    NetworkConfig config = vector.config();
    JsonNode json = vector.json();
    LossFunction loss =
        new LossFunction(
            Loss.valueOf(json.path("loss").asString().toUpperCase(Locale.ROOT)),
            json.path("tet_lambda").asDouble(),
            config.threshold());
    try (PointerScope _ = new PointerScope();
        SpikingNetwork network =
            new SpikingNetwork(config, group(file, "before/"), type, settings)) {
      Tensor images =
          Tensor.create(
                  input,
                  labels.length,
                  NetworkConfig.IMAGE_CHANNELS,
                  config.imageHeight(),
                  config.imageWidth())
              .to(type);
      Tensor classes = Tensor.create(labels, labels.length);
      for (int step = 0; step < json.path("steps").asInt(); step++) {
        network.weights().zeroGradients();
        Tensor logits = network.forward(images, true);
        double[] values = Weights.doubles(logits);
        Tensor value = network.backward(classes, loss);
        same("loss_" + step, Weights.doubles(value), file, "train/loss_" + step, tolerance);
        if (step == 0) {
          same("logits", values, file, "train/logits_per_step", tolerance);
          Map<String, DoubleTensor> gradients = network.weights().gradients();
          assertThat(gradients.keySet()).isEqualTo(group(file, "grad/").keySet());
          gradients.forEach(
              (key, gradient) -> same(key, gradient.values(), file, "grad/" + key, tolerance));
        }
        network
            .weights()
            .descend(
                json.path("learning_rate").asDouble(),
                json.path("momentum").asDouble(),
                json.path("weight_decay").asDouble());
      }
      network
          .weights()
          .values()
          .forEach((key, weight) -> same(key, weight.values(), file, "after/" + key, tolerance));
      Tensor logits = network.forward(images, false);
      same("evaluation", Weights.doubles(logits), file, "eval/logits_per_step", tolerance);
    }
  }

  private static void same(
      String what, double[] actual, SafetensorsFile file, String name, double tolerance) {
    double[] expected = file.doubles(name).values();
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    double error = norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    assertThat(error).as(what).isLessThan(tolerance);
  }

  private static Map<String, DoubleTensor> group(SafetensorsFile file, String prefix) {
    Map<String, DoubleTensor> group = new LinkedHashMap<>();
    for (String name : file.tensors().keySet()) {
      if (name.startsWith(prefix)) {
        group.put(name.substring(prefix.length()), file.doubles(name));
      }
    }
    return group;
  }

  private static Vector read(String name) {
    SafetensorsFile file = Safetensors.read(REFERENCE.resolve(name + ".safetensors"));
    JsonNode json = JsonMapper.shared().readTree(file.metadata("config"));
    List<Integer> depths = new ArrayList<>();
    json.path("depths").forEach(depth -> depths.add(depth.asInt()));
    List<String> skips = new ArrayList<>();
    json.path("skips").forEach(skip -> skips.add(skip.asString()));
    NetworkConfig config =
        new NetworkConfig(
            json.path("image_size").asInt(),
            json.path("image_size").asInt(),
            json.path("patch_size").asInt(),
            json.path("embedding_dim").asInt(),
            depths,
            json.path("expansion_ratio").asInt(),
            PatchEncoding.valueOf(json.path("patch_encoding").asString().toUpperCase(Locale.ROOT)),
            Skips.named(String.join("+", skips)),
            json.path("classes").asInt(),
            json.path("time_steps").asInt(),
            json.path("tau").asDouble(),
            json.path("threshold").asDouble(),
            json.path("detach_reset").asBoolean(),
            Surrogate.SIGMOID,
            json.path("bn_eps").asDouble(),
            json.path("bn_momentum").asDouble());
    return new Vector(file, json, config);
  }
}
