package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import tools.jackson.databind.json.JsonMapper;

final class OnnxExporterTest {

  private static final NetworkConfig SMALL = NetworkConfig.of(12, 8, 2, 6, List.of(2, 1), 5);

  @TempDir Path directory;

  @Test
  void theSameWeightsAndCardGiveTheSameBytes() throws IOException {
    byte[] first = Files.readAllBytes(export(SMALL, "a.onnx"));
    byte[] second = Files.readAllBytes(export(SMALL, "b.onnx"));
    assertThat(first).isEqualTo(second);
  }

  @Test
  void theFileCarriesItsCard() throws OrtException {
    Path model = export(SMALL, "model.onnx");
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toString())) {
      String json = session.getMetadata().getCustomMetadata().get(ModelCard.METADATA_KEY);
      assertThat(JsonMapper.shared().readValue(json, ModelCard.class)).isEqualTo(Cards.of(SMALL));
      assertThat(session.getMetadata().getProducerName()).isEqualTo("SpikeMLP");
      assertThat(session.getInputNames()).containsExactly("images");
      assertThat(session.getOutputNames()).containsExactly("logits", "spikes", "windows");
    }
  }

  @Test
  void whatIsReadBackIsWhatWasBuilt() {
    OnnxGraph built =
        NetworkGraph.of(
            RandomWeights.of(SMALL, 1), Cards.of(SMALL), WeightPrecision.FP32, Map.of());
    OnnxGraph read = OnnxFile.read(export(SMALL, "model.onnx"));
    assertThat(read.nodes()).isEqualTo(built.nodes());
    assertThat(read.constants()).isEqualTo(built.constants());
    assertThat(read.inputs()).isEqualTo(built.inputs());
    assertThat(read.outputs()).isEqualTo(built.outputs());
    assertThat(read.metadata().keySet())
        .containsExactlyInAnyOrder(ModelCard.METADATA_KEY, WeightPrecision.METADATA_KEY);
  }

  @Test
  void aSamplesAnswerDoesNotDependOnItsBatch() {
    Path model = export(SMALL, "model.onnx");
    int size = 3 * 12 * 8;
    float[] images = RandomWeights.images(SMALL, 8, 7);
    try (OnnxModelSession session = new OnnxModelSession(model)) {
      OnnxModelSession.Answers eight = session.run(images, 8, 12, 8);
      OnnxModelSession.Answers three = session.run(Arrays.copyOf(images, 3 * size), 3, 12, 8);
      assertThat(Arrays.copyOf(eight.logits(), 3)).isDeepEqualTo(three.logits());
      assertThat(Arrays.copyOf(eight.spikes(), 3)).isDeepEqualTo(three.spikes());
      for (int b = 0; b < 8; b++) {
        float[] image = Arrays.copyOfRange(images, b * size, (b + 1) * size);
        OnnxModelSession.Answers one = session.run(image, 1, 12, 8);
        assertThat(one.logits()[0]).containsExactly(eight.logits()[b]);
        assertThat(one.spikes()[0]).containsExactly(eight.spikes()[b]);
        assertThat(one.windows()[0]).containsExactly(eight.windows()[b]);
      }
    }
  }

  @Test
  void aPotentialAtTheThresholdFires() {
    NetworkConfig config = NetworkConfig.of(4, 4, 2, 3, List.of(1), 2).withTimeSteps(1);
    int neurons = 3 * 4;
    assertThat(patchSpikes(config, 2f)).isEqualTo(neurons);
    assertThat(patchSpikes(config, Math.nextDown(2f))).isEqualTo(0);
  }

  @Test
  void aNetworkWithoutConvolutionsOfSpikesHasNoWindows() {
    NetworkConfig config = NetworkConfig.of(4, 4, 2, 3, List.of(1), 2);
    assertThat(OnnxFile.read(export(config, "model.onnx")).outputs())
        .extracting(OnnxGraph.Port::name)
        .containsExactly("logits", "spikes");
  }

  @Test
  void wrongWeightsAreRefusedByName() {
    refused("stages.0.mixers.1.fuse.fc.weight", null, "missing");
    refused("head.token_fc.bn.running_var", filled(0f, 5), "[5]", "[6]");
    refused("stages.1.patch.node_1_2.conv.weight", filled(Float.NaN, 4, 4, 3, 3), "NaN");
    refused("stages.0.patch.bn.running_var", filled(-1f, 6), "negative");
    refused(
        "stages.0.patch.conv.weight", filled(Float.MAX_VALUE, 6, 3, 2, 2), "folded", "Infinity");
    refused("stages.2.patch.bn.weight", filled(1f, 6), "no place");
  }

  @Test
  void aCountThatSinglePrecisionCannotHoldIsRefused() {
    NetworkConfig large =
        new NetworkConfig(
            32,
            32,
            1,
            3,
            List.of(1),
            1000,
            PatchEncoding.SPE,
            Skips.DEFAULT,
            2,
            6,
            2,
            1,
            true,
            Surrogate.SIGMOID,
            1e-5,
            0.1);
    assertThatThrownBy(() -> export(large, "model.onnx"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stages.0.mixers.0.lif_hidden")
        .hasMessageContaining("16777216");
  }

  @Test
  void aFolderThatIsNotThereIsNamedAndNothingIsLeft() throws IOException {
    Path target = directory.resolve("missing").resolve("model.onnx");
    assertThatThrownBy(
            () -> OnnxExporter.export(RandomWeights.of(SMALL, 1), Cards.of(SMALL), target))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining(target.toString())
        .hasMessageContaining("NoSuchFile");
    assertThat(files()).isEmpty();
  }

  @Test
  @EnabledIf("aFullDeviceIsThere")
  void onAFullDiskTheOldFileStays() throws IOException {
    Path target = export(SMALL, "model.onnx");
    byte[] before = Files.readAllBytes(target);
    ProtoMessage model =
        OnnxFile.encode(
            NetworkGraph.of(
                RandomWeights.of(SMALL, 2), Cards.of(SMALL), WeightPrecision.FP32, Map.of()));
    assertThatThrownBy(() -> OnnxExporter.writeThrough(model, Path.of("/dev/full"), target))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining("No space left")
        .hasMessageContaining(Long.toString(model.length()));
    assertThat(Files.readAllBytes(target)).isEqualTo(before);
  }

  static boolean aFullDeviceIsThere() {
    return Files.isWritable(Path.of("/dev/full"));
  }

  @Test
  void aTruncatedFileIsNoModel() throws IOException {
    Path model = export(SMALL, "model.onnx");
    byte[] bytes = Files.readAllBytes(model);
    for (int length : new int[] {0, 3, 100, bytes.length / 2, bytes.length - 1}) {
      Path cut = Files.write(directory.resolve("cut.onnx"), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> OnnxFile.read(cut))
          .as("%d bytes", length)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cut.onnx is not an ONNX model");
    }
  }

  private float patchSpikes(NetworkConfig config, float z) {
    Map<String, WeightTensor> weights = new LinkedHashMap<>(RandomWeights.of(config, 3));
    weights.put("stages.0.patch.bn.weight", filled(0f, 3));
    weights.put("stages.0.patch.bn.bias", filled(z, 3));
    Path model = directory.resolve("model.onnx");
    OnnxExporter.export(weights, Cards.of(config), model);
    try (OnnxModelSession session = new OnnxModelSession(model)) {
      return session.run(RandomWeights.images(config, 1, 1), 1, 4, 4).spikes()[0][0];
    }
  }

  private void refused(String name, @Nullable WeightTensor tensor, String... named) {
    Map<String, WeightTensor> weights = new LinkedHashMap<>(RandomWeights.of(SMALL, 1));
    if (tensor == null) {
      weights.remove(name);
    } else {
      weights.put(name, tensor);
    }
    Path target = directory.resolve("refused.onnx");
    assertThatThrownBy(() -> OnnxExporter.export(weights, Cards.of(SMALL), target))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContainingAll(named);
    assertThat(target).doesNotExist();
  }

  private static WeightTensor filled(float value, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.fill(values, value);
    return new WeightTensor(shape, values);
  }

  private Path export(NetworkConfig config, String file) {
    Path target = directory.resolve(file);
    OnnxExporter.export(RandomWeights.of(config, 1), Cards.of(config), target);
    return target;
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }
}
