package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.data.ImageDataSet;
import spikemlp.export.OnnxGraph.Constant;
import spikemlp.export.OnnxGraph.ElementType;
import spikemlp.export.OnnxGraph.Node;
import spikemlp.network.SpikingMlp;

final class ExportCheckTest {

  private static final NetworkConfig CONFIG = NetworkConfig.of(8, 8, 2, 3, List.of(1), 4);
  private static final InputSpec INPUT = Cards.input(CONFIG);

  @TempDir Path directory;
  private SpikingMlp network;
  private Path model;

  @BeforeEach
  void exportANetwork() {
    network = SpikingMlp.create(CONFIG, 1);
    network.load(RandomWeights.of(CONFIG, 1));
    model = directory.resolve("model.onnx");
    OnnxExporter.export(network.weights(), Cards.of(CONFIG), model);
  }

  @AfterEach
  void close() {
    network.close();
  }

  @Test
  void anExportOfTheNetworkItselfPasses() {
    ExportProof proof = ExportCheck.prove(model, network, images(70, 8), INPUT, 50);
    assertThat(proof.images()).isEqualTo(50);
    assertThat(proof.argmaxAgreements()).isEqualTo(50);
    assertThat(proof.differingSpikes()).isZero();
    assertThat(proof.spikes()).isGreaterThan(10_000);
    assertThat(proof.maxLogitError()).isLessThan(1e-5);
    assertThat(proof.multiplicationFree()).isTrue();
    assertThat(proof.runtime()).matches("ONNX Runtime \\d+\\.\\d+\\.\\d+");
    assertThat(proof.passed()).isTrue();
  }

  @Test
  void anExportOfAnotherNetworkFails() {
    OnnxExporter.export(RandomWeights.of(CONFIG, 2), Cards.of(CONFIG), model);
    ExportProof proof = ExportCheck.prove(model, network, images(40, 8), INPUT, 100);
    assertThat(proof.images()).isEqualTo(40);
    assertThat(proof.argmaxAgreements()).isLessThan(40);
    assertThat(proof.differingSpikes()).isGreaterThan(100);
    assertThat(proof.passed()).isFalse();
  }

  @Test
  void aGraphThatMultipliesFailsThoughItsAnswersAgree() throws IOException {
    OnnxGraph graph = OnnxFile.read(model);
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.replaceAll(node -> {
      List<String> inputs = new ArrayList<>(node.inputs());
      inputs.replaceAll(input -> input.equals("stages.0.mixers.0.fuse") ? "scaled" : input);
      return new Node(node.name(), node.operator(), inputs, node.outputs(), node.attributes());
    });
    int fuse =
        IntStream.range(0, nodes.size())
            .filter(i -> nodes.get(i).name().equals("stages.0.mixers.0.fuse"))
            .findFirst()
            .orElseThrow();
    nodes.add(
        fuse + 1,
        new Node(
            "scaled",
            "Mul",
            List.of("stages.0.mixers.0.fuse", "one"),
            List.of("scaled"),
            Map.of()));
    ByteBuffer one = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(1f);
    List<Constant> constants = new ArrayList<>(graph.constants());
    constants.add(new Constant("one", ElementType.FLOAT, List.of(1L), one.flip()));
    Path multiplying = directory.resolve("multiplying.onnx");
    try (FileChannel channel =
        FileChannel.open(multiplying, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      OnnxFile.encode(
              new OnnxGraph(nodes, constants, graph.inputs(), graph.outputs(), graph.metadata()))
          .writeTo(channel);
    }
    ExportProof proof = ExportCheck.prove(multiplying, network, images(10, 8), INPUT, 10);
    assertThat(proof.differingSpikes()).isZero();
    assertThat(proof.multiplicationFree()).isFalse();
    assertThat(proof.passed()).isFalse();
  }

  @Test
  void aProofNeedsImagesOfTheInputsSize() {
    assertThatThrownBy(() -> ExportCheck.prove(model, network, images(4, 8), INPUT, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("asked for 0 of 4");
    assertThatThrownBy(() -> ExportCheck.prove(model, network, images(4, 16), INPUT, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16×16")
        .hasMessageContaining("8×8");
  }

  @Test
  void aFileThatIsNoModelIsNamed() throws IOException {
    Path text = Files.writeString(directory.resolve("text.onnx"), "not a model");
    assertThatThrownBy(() -> ExportCheck.prove(text, network, images(4, 8), INPUT, 4))
        .hasMessageContaining("text.onnx");
  }

  private static ImageDataSet images(int count, int size) {
    Random random = new Random(4);
    byte[] rgb = new byte[count * size * size * 3];
    random.nextBytes(rgb);
    int[] classes = random.ints(count, 0, 4).toArray();
    return ImageDataSet.of(size, size, List.of("a", "b", "c", "d"), classes, rgb);
  }
}
