package spikemlp.registry.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.JSON;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.sha256;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.VersionState;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.node.ObjectNode;

@ExtendWith(RegistryExtension.class)
class ImportApiTest {

  private static final ModelCard CARD =
      RunningRegistry.request("imported", Map.of(), RunningRegistry.PASSED).card();

  private final RunningRegistry registry;

  ImportApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  /** A graph as the card describes it, with one node and one constant. */
  private static OnnxBytes graph() {
    OnnxBytes graph =
        new OnnxBytes()
            .message(1, OnnxBytes.node("MatMul"))
            .message(5, OnnxBytes.tensor("weight", 12))
            .message(11, OnnxBytes.port("images", 0, 3, 8, 8))
            .message(12, OnnxBytes.port("logits", 0, 2))
            .message(12, OnnxBytes.port("spikes", 0, CARD.topology().neurons().size()));
    return CARD.topology().windows().isEmpty()
        ? graph
        : graph.message(12, OnnxBytes.port("windows", 0, CARD.topology().windows().size()));
  }

  private HttpResponse<byte[]> run(String model, String id, Map<String, byte[]> files) {
    Map<String, Artifact> artifacts = new LinkedHashMap<>();
    files.forEach((name, content) -> {
      registry.upload(content);
      artifacts.put(name, new Artifact(sha256(content), content.length));
    });
    return registry.sendJson(
        "POST",
        "/api/v1/models/" + model + "/imports",
        Map.of("importId", id, "card", CARD, "artifacts", artifacts, "metrics", Map.of("x", 1.0)));
  }

  private static List<String> errors(HttpResponse<byte[]> refused) {
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(code(refused)).isEqualTo("invalid-configuration");
    return json(refused).path("errors").findValuesAsString("message");
  }

  @Test
  void anOnnxFileBecomesAVersionWithoutProofThatHoldsItsCard() {
    byte[] content = OnnxBytes.model(graph()).done();
    HttpResponse<byte[]> answer = run("onnx", "first", Map.of("model.onnx", content));
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(201);
    ModelVersion version = JSON.readValue(answer.body(), ModelVersion.class);
    assertThat(version.state()).isEqualTo(VersionState.READY);
    assertThat(version.proof()).isEqualTo(ExportProof.NONE);
    assertThat(version.proof().made()).isFalse();
    assertThat(version.sourceJobId()).isEqualTo("import:first");
    assertThat(json(registry.get("/api/v1/models/onnx/audit")).at("/items/0/action").asString())
        .isEqualTo("version.import");

    byte[] stored = registry.get("/api/v1/models/onnx/versions/1/artifacts/model.onnx").body();
    assertThat(Arrays.copyOf(stored, content.length)).isEqualTo(content);
    assertThat(new String(stored, StandardCharsets.UTF_8)).contains("spikemlp.model_card");
    HttpResponse<byte[]> again = run("onnx", "second", Map.of("model.onnx", stored));
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(JSON.readValue(again.body(), ModelVersion.class).artifacts())
        .as("a file that holds the card already stays as it is")
        .isEqualTo(version.artifacts());
    assertThat(run("onnx", "first", Map.of("model.onnx", content)).statusCode()).isEqualTo(200);
  }

  static Stream<Arguments> hostile() {
    OnnxBytes external = OnnxBytes.externalTensor("outside");
    OnnxBytes nested =
        new OnnxBytes()
            .text(1, "then_branch")
            .message(
                6,
                new OnnxBytes()
                    .message(
                        1,
                        OnnxBytes.node(
                            "Constant", new OnnxBytes().text(1, "value").message(5, external))));
    return Stream.of(
        Arguments.of("lie outside", graph().message(5, external)),
        Arguments.of(
            "lie outside", graph().message(15, new OnnxBytes().message(1, external).number(3, 1))),
        Arguments.of(
            "lie outside", graph().message(15, new OnnxBytes().message(2, external).number(3, 1))),
        Arguments.of(
            "lie outside",
            graph()
                .message(
                    1,
                    OnnxBytes.node(
                        "Constant", new OnnxBytes().text(1, "value").message(5, external)))),
        Arguments.of(
            "lie outside",
            graph()
                .message(
                    1,
                    OnnxBytes.node(
                        "Constant",
                        new OnnxBytes()
                            .text(1, "sparse_value")
                            .message(22, new OnnxBytes().message(1, external))))),
        Arguments.of("lie outside", graph().message(1, OnnxBytes.node("If", nested))),
        Arguments.of("it uses Constant, If;", graph().message(1, OnnxBytes.node("If", nested))),
        Arguments.of("it uses Sigmoid", graph().message(1, OnnxBytes.node("Sigmoid"))),
        Arguments.of(
            "it uses com.evil.MatMul",
            graph().message(1, OnnxBytes.node("MatMul").text(7, "com.evil"))),
        Arguments.of(
            "more values than the file holds",
            graph().message(5, new OnnxBytes().number(1, 1L << 40).number(2, 1).text(8, "bomb"))),
        Arguments.of(
            "has 4 bytes of values",
            graph()
                .message(
                    5,
                    new OnnxBytes()
                        .number(1, 3)
                        .number(2, 1)
                        .text(8, "short")
                        .bytes(9, new byte[4]))),
        Arguments.of(
            "element type 8", graph().message(5, new OnnxBytes().number(1, 1).number(2, 8))),
        Arguments.of("its inputs are", graph().message(11, OnnxBytes.port("more", 0, 1))),
        Arguments.of(
            "it has no output 'logits'",
            new OnnxBytes().message(11, OnnxBytes.port("images", 0, 3, 8, 8))),
        Arguments.of(
            "'images' has the shape",
            new OnnxBytes().message(11, OnnxBytes.port("images", 0, 3, 9, 8))));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void whatStandsAgainstAnOnnxFileIsSaid(String problem, OnnxBytes graph) {
    HttpResponse<byte[]> refused =
        run("hostile", "x", Map.of("model.onnx", OnnxBytes.model(graph).done()));
    assertThat(errors(refused)).anySatisfy(error -> assertThat(error).contains(problem));
    assertThat(registry.get("/api/v1/models/hostile").statusCode()).isEqualTo(404);
  }

  static Stream<Arguments> broken() {
    byte[] good = OnnxBytes.model(graph()).done();
    OnnxBytes deep = new OnnxBytes();
    for (int i = 0; i < 40; i++) {
      deep = new OnnxBytes().message(1, OnnxBytes.node("If", new OnnxBytes().message(6, deep)));
    }
    return Stream.of(
        Arguments.of("is no ONNX file", Arrays.copyOf(good, good.length / 2)),
        Arguments.of("is no ONNX file", "not protobuf at all".getBytes(StandardCharsets.UTF_8)),
        Arguments.of("nested deeper", OnnxBytes.model(deep).done()),
        Arguments.of("it has no graph", new OnnxBytes().number(1, 8).done()),
        Arguments.of(
            "functions of its own", OnnxBytes.model(graph()).message(25, new OnnxBytes()).done()),
        Arguments.of(
            "training graph", OnnxBytes.model(graph()).message(20, new OnnxBytes()).done()),
        Arguments.of(
            "operators of the domain",
            OnnxBytes.model(graph())
                .message(8, new OnnxBytes().text(1, "com.evil").number(2, 1))
                .done()),
        Arguments.of(
            "another model card",
            OnnxBytes.model(graph())
                .message(14, new OnnxBytes().text(1, "spikemlp.model_card").text(2, "{}"))
                .done()));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void whatIsNoOnnxFileIsRefused(String problem, byte[] content) {
    HttpResponse<byte[]> refused = run("broken", "x", Map.of("model.onnx", content));
    assertThat(errors(refused)).anySatisfy(error -> assertThat(error).contains(problem));
  }

  /** A checkpoint of zeros with every weight of the card's network. */
  private static byte[] checkpoint(UnaryOperator<ObjectNode> change) {
    ObjectNode header = JSON.createObjectNode();
    long at = 0;
    for (Map.Entry<String, Long> entry : SafetensorsCheck.expected(CARD.network()).entrySet()) {
      ObjectNode tensor = header.putObject(entry.getKey());
      tensor.put("dtype", "F32");
      tensor.putArray("shape").add(entry.getValue());
      tensor.putArray("data_offsets").add(at).add(at + 4 * entry.getValue());
      at += 4 * entry.getValue();
    }
    byte[] json = JSON.writeValueAsBytes(change.apply(header));
    return ByteBuffer.allocate((int) (8 + json.length + at))
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  @Test
  void aCheckpointAloneIsKeptButHasNothingToServe() {
    HttpResponse<byte[]> answer =
        run("weights", "x", Map.of("checkpoint.safetensors", checkpoint(header -> header)));
    assertThat(answer.statusCode())
        .as(new String(answer.body(), StandardCharsets.UTF_8))
        .isEqualTo(201);
    assertThat(JSON.readValue(answer.body(), ModelVersion.class).state())
        .isEqualTo(VersionState.PENDING);
    assertThat(
            code(
                registry.sendJson(
                    "PUT", "/api/v1/models/weights/aliases/champion", Map.of("version", 1))))
        .isEqualTo("version-not-ready");
  }

  @Test
  void whatStandsAgainstACheckpointIsSaid() {
    assertRefused(
        "it lacks 'head.classifier.bias'",
        header -> {
          header.remove("head.classifier.bias");
          return header;
        });
    assertRefused(
        "'evil' is no weight",
        header -> {
          header.putObject("evil");
          return header;
        });
    assertRefused(
        "not F32",
        header -> {
          header.withObject("/head.classifier.bias").put("dtype", "F16");
          return header;
        });
    assertRefused(
        "not its place",
        header -> {
          header
              .withObject("/head.classifier.bias")
              .putArray("data_offsets")
              .add(1L << 40)
              .add((1L << 40) + 8);
          return header;
        });
    assertThat(
            errors(
                run(
                    "weights-bad",
                    "x",
                    Map.of(
                        "checkpoint.safetensors",
                        new byte[] {-1, -1, -1, -1, -1, -1, -1, 127, 1}))))
        .anySatisfy(error -> assertThat(error).contains("is no safetensors file"));
  }

  private void assertRefused(String problem, UnaryOperator<ObjectNode> change) {
    HttpResponse<byte[]> refused =
        run("weights-bad", "x", Map.of("checkpoint.safetensors", checkpoint(change)));
    assertThat(errors(refused)).anySatisfy(error -> assertThat(error).contains(problem));
  }

  @Test
  void otherFilesAndMissingOnesAreRefused() {
    HttpResponse<byte[]> other = run("others", "x", Map.of("run.sh", new byte[3]));
    assertThat(errors(other)).anySatisfy(error -> assertThat(error).contains("must be model.onnx"));
    HttpResponse<byte[]> missing =
        registry.sendJson(
            "POST",
            "/api/v1/models/others/imports",
            Map.of(
                "importId",
                "x",
                "card",
                CARD,
                "artifacts",
                Map.of("model.onnx", new Artifact("12".repeat(32), 5)),
                "metrics",
                Map.of()));
    assertThat(code(missing)).isEqualTo("artifact-missing");
  }
}
