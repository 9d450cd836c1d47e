package spikemlp.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.Picture;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import spikemlp.inference.protocol.TritonHttpClient.Input;
import spikemlp.inference.protocol.TritonHttpClient.RequestedOutput;
import spikemlp.inference.protocol.TritonHttpClient.Result;
import spikemlp.security.Scope;
import tools.jackson.databind.JsonNode;

/** The protocol through a client that was written from its specification. */
@Timeout(180)
class OpenInferenceProtocolTest {

  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final TinyModel MODEL = TinyModel.of(TinyModel.NETWORK, 11);
  private static final byte[] PNG = Pictures.encoded("png", 8, 8, 5);

  @TempDir static Path directory;
  private static RegistryFixture registry;
  private static RunningInference service;
  private static TritonHttpClient client;

  @BeforeAll
  static void start() throws IOException {
    registry = new RegistryFixture();
    ModelVersion version = registry.add("tiny", 3, CARD, MODEL.bytes());
    registry.point("tiny", version);
    registry.point("tiny@champion", version);
    registry.add("other", 1, CARD, TinyModel.of(TinyModel.NETWORK, 12).bytes());
    service = new RunningInference(directory, registry.url());
    client =
        new TritonHttpClient(
            service.base(),
            service
                .tokens()
                .mint("client", Set.of(Scope.INFER, Scope.READ), Duration.ofMinutes(10)));
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    registry.close();
  }

  private static float[] prepared(byte[] picture) {
    return new ImagePreparation(CARD.input()).prepare(picture);
  }

  private static Input tensor(boolean binary, byte[]... pictures) {
    float[] all = new float[pictures.length * 192];
    for (int b = 0; b < pictures.length; b++) {
      System.arraycopy(prepared(pictures[b]), 0, all, b * 192, 192);
    }
    return Input.fp32("images", List.of((long) pictures.length, 3L, 8L, 8L), all, binary);
  }

  @Test
  void theServerTellsWhatItIs() throws Exception {
    assertThat(client.isServerLive()).isTrue();
    assertThat(client.isServerReady()).isTrue();
    JsonNode server = client.serverMetadata();
    assertThat(server.get("name").asString()).isEqualTo("spikemlp");
    assertThat(server.get("version").asString()).isNotEmpty();
    assertThat(server.get("extensions").toString())
        .isEqualTo("[\"binary_tensor_data\",\"model_repository\",\"statistics\"]");
  }

  @Test
  void healthNeedsNoTokenAndTheRestDoes() throws Exception {
    try (HttpClient anonymous = HttpClient.newHttpClient()) {
      for (String path : List.of("/v2/health/live", "/v2/health/ready", "/v2", "/v2/models/tiny")) {
        int status =
            anonymous
                .send(
                    HttpRequest.newBuilder(service.base().resolve(path)).build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode();
        assertThat(status).as(path).isEqualTo(path.contains("health") ? 200 : 401);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"tiny,''", "tiny,3", "tiny@champion,''", "tiny%40champion,''"})
  void aModelTellsItsTensorsAndIsReady(String model, String version) throws Exception {
    JsonNode metadata = client.modelMetadata(model, version);
    assertThat(metadata.get("name").asString()).isEqualTo("tiny");
    assertThat(metadata.get("versions").toString()).isEqualTo("[\"3\"]");
    assertThat(metadata.get("platform").asString()).isEqualTo("onnxruntime_onnx");
    assertThat(metadata.get("inputs").toString())
        .isEqualTo("[{\"name\":\"images\",\"datatype\":\"FP32\",\"shape\":[-1,3,8,8]}]");
    int layers = CARD.topology().neurons().size();
    assertThat(metadata.get("outputs").toString())
        .isEqualTo(
            ("[{'name':'logits','datatype':'FP32','shape':[-1,4]},"
                    + "{'name':'probabilities','datatype':'FP32','shape':[-1,4]},"
                    + "{'name':'spikes','datatype':'INT64','shape':[-1,"
                    + layers
                    + "]},{'name':'energy_pj','datatype':'FP64','shape':[-1]}]")
                .replace('\'', '"'));
    assertThat(metadata.get("parameters").get("preparation").asString()).contains("0.25");
    assertThat(metadata.get("parameters").get("max_batch").asInt()).isPositive();
    assertThat(metadata.get("parameters").get("measured_ms_per_image").asString())
        .startsWith("1: ");
    assertThat(client.isModelReady(model, version)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"false,false", "false,true", "true,false", "true,true"})
  void eitherDirectionIsJsonOrBinaryAsTheClientLikes(boolean in, boolean out) throws Exception {
    byte[] second = Pictures.encoded("png", 8, 8, 6);
    Result result =
        client.infer(
            "tiny",
            "3",
            "42",
            List.of(tensor(in, PNG, second)),
            List.of(
                new RequestedOutput("energy_pj", !out),
                new RequestedOutput("logits", out),
                new RequestedOutput("spikes", out),
                new RequestedOutput("probabilities", out)),
            Map.of());
    JsonNode json = result.json();
    assertThat(json.get("model_name").asString()).isEqualTo("tiny");
    assertThat(json.get("model_version").asString()).isEqualTo("3");
    assertThat(json.get("id").asString()).isEqualTo("42");
    assertThat(json.get("outputs").valueStream().map(one -> one.get("name").asString()))
        .containsExactly("energy_pj", "logits", "spikes", "probabilities");
    assertThat(result.binary().containsKey("logits")).isEqualTo(out);
    assertThat(result.binary().containsKey("energy_pj")).isEqualTo(!out);
    double total = 0;
    for (int b = 0; b < 2; b++) {
      Classification alone =
          RunningInference.classification(
              service.classify("tiny?topK=4&explain=rates", "image/png", b == 0 ? PNG : second));
      assertThat(result.values("energy_pj")[b]).isEqualTo(alone.energy().picojoules());
      total += alone.energy().picojoules();
      int layers = CARD.topology().neurons().size();
      double[] spikes = result.values("spikes");
      assertThat(Arrays.copyOfRange(spikes, b * layers, (b + 1) * layers))
          .isEqualTo(alone.rates().stream().mapToDouble(rate -> rate.spikes()).toArray());
      for (var prediction : alone.predictions()) {
        assertThat(result.values("probabilities")[4 * b + prediction.index()])
            .isCloseTo(prediction.probability(), within(1e-6));
      }
      double[] logits = Arrays.copyOfRange(result.values("logits"), 4 * b, 4 * b + 4);
      assertThat(logits).containsExactly(logits(b == 0 ? PNG : second), within(1e-4));
    }
    assertThat(json.get("parameters").get("energy_pj").asDouble()).isEqualTo(total);
    assertThat(json.get("parameters").get("energy_model").asString())
        .isEqualTo("horowitz-45nm-compute");
  }

  private static double[] logits(byte[] picture) {
    float[] x = prepared(picture);
    double[] logits = new double[4];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < 4; k++) {
        logits[k] += x[i] * MODEL.logitWeights()[i][k];
      }
    }
    return logits;
  }

  @Test
  void whereNoOutputIsNamedAllComeAndNoIdIsNotNull() throws Exception {
    Result result = client.infer("tiny", "", "", List.of(tensor(true, PNG)));
    assertThat(result.binary().keySet())
        .containsExactly("logits", "probabilities", "spikes", "energy_pj");
    assertThat(result.json().has("id")).isFalse();
    JsonNode totals = result.json().get("parameters");
    assertThat(totals.get("spikes").asLong())
        .isEqualTo((long) Arrays.stream(result.values("spikes")).sum());
    assertThat(totals.get("ann_energy_pj").asDouble())
        .isEqualTo(4.6 * totals.get("ann_macs").asLong());
    assertThat(totals.get("quantised_ann_energy_pj").asDouble())
        .isEqualTo(0.23 * totals.get("ann_macs").asLong());
    assertThat(totals.get("energy_pj").asDouble())
        .isEqualTo(
            4.6 * totals.get("macs").asLong() + 0.9 * totals.get("synaptic_additions").asLong());
  }

  @Test
  void theEnergyModelIsAParameter() throws Exception {
    Result result =
        client.infer(
            "tiny",
            "",
            "",
            List.of(tensor(true, PNG)),
            List.of(new RequestedOutput("energy_pj", false)),
            Map.of("energy_model", "memory-aware"));
    Classification alone =
        RunningInference.classification(
            service.classify("tiny?energy=memory-aware", "image/png", PNG));
    assertThat(result.values("energy_pj")).containsExactly(alone.energy().picojoules());
  }

  @Test
  void pixelsAndPictureFilesArePreparedAsInTraining() throws Exception {
    byte[] jpeg = Pictures.encoded("jpg", 20, 12, 8);
    double[] wanted = client.infer("tiny", "", "", List.of(tensor(true, jpeg))).values("logits");
    Picture picture = Picture.decode(jpeg);
    List<Long> shape = List.of(1L, (long) picture.height(), (long) picture.width(), 3L);
    int[] numbers = new int[picture.rgb().length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = picture.rgb()[i] & 0xFF;
    }
    String base64 = Base64.getEncoder().encodeToString(jpeg);
    for (Input input :
        List.of(
            new Input("images", "UINT8", shape, picture.rgb(), true),
            new Input("images", "UINT8", shape, numbers, false),
            Input.bytes("images", List.of(jpeg)),
            new Input("images", "BYTES", List.of(1L), List.of(base64), false))) {
      assertThat(client.infer("tiny", "", "", List.of(input)).values("logits"))
          .as(input.datatype() + " " + input.binary())
          .isEqualTo(wanted);
    }
  }

  @Test
  void nestedDataAndDataBeforeItsShapeAreTheSame() throws Exception {
    byte[] flat =
        json("{'inputs':[{'name':'images','datatype':'FP32','shape':[1,3,8,8],'data':%s}]}");
    byte[] nested =
        json(
            "{'inputs':[{'data':[[%s]],'parameters':{},'shape':[1,3,8,8],'datatype':'FP32',"
                + "'name':'images'}],'model_name':{'deep':[1,{}]},'id':null}");
    HttpResponse<byte[]> first = client.post("/v2/models/tiny/infer", flat, Map.of());
    HttpResponse<byte[]> second = client.post("/v2/models/tiny/infer", nested, Map.of());
    assertThat(outputs(second)).isEqualTo(outputs(first));
    assertThat(first.headers().firstValue("Content-Type")).contains("application/json");
    HttpResponse<byte[]> form =
        client.post(
            "/v2/models/tiny/infer",
            flat,
            Map.of("Content-Type", "application/x-www-form-urlencoded"));
    assertThat(outputs(form)).isEqualTo(outputs(first));
  }

  private static byte[] json(String pattern) {
    return pattern
        .formatted(Arrays.toString(prepared(PNG)))
        .replace('\'', '"')
        .getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode outputs(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(text).isEqualTo(200);
    return tools.jackson.databind.json.JsonMapper.shared().readTree(text).get("outputs");
  }

  @Test
  void theIndexHasWhatIsReadyAndWhatMayBeLoaded() throws Exception {
    client.isModelReady("tiny", "");
    assertThat(client.repositoryIndex(true).toString())
        .contains("{\"name\":\"tiny\",\"version\":\"3\",\"state\":\"READY\",\"reason\":\"\"}")
        .doesNotContain("other");
    assertThat(client.repositoryIndex(false).toString())
        .contains("{\"name\":\"other\",\"state\":\"UNAVAILABLE\",\"reason\":\"not in memory");
  }

  @Test
  void statisticsAddUp() throws Exception {
    client.infer("tiny", "", "", List.of(tensor(true, PNG)));
    JsonNode before = statistics();
    Result result = client.infer("tiny", "", "", List.of(tensor(true, PNG, PNG, PNG)));
    JsonNode after = statistics();
    assertThat(after.get("inference_count").asLong())
        .isEqualTo(before.get("inference_count").asLong() + 3);
    assertThat(after.get("inference_stats").get("success").get("count").asLong())
        .isEqualTo(before.get("inference_stats").get("success").get("count").asLong() + 1);
    assertThat(after.get("spikes").asLong() - before.get("spikes").asLong())
        .isEqualTo(result.json().get("parameters").get("spikes").asLong());
    double estimated =
        after.get("estimated_energy_pj").get("horowitz-45nm-compute").asDouble()
            - before.get("estimated_energy_pj").get("horowitz-45nm-compute").asDouble();
    assertThat(estimated)
        .isCloseTo(
            result.json().get("parameters").get("energy_pj").asDouble(), within(estimated * 1e-9));
    assertThat(after.get("batch_stats").size()).isPositive();
  }

  private static JsonNode statistics() throws Exception {
    return client.statistics("tiny").get("model_stats").get(0);
  }

  @Test
  void whatIsNotThereIsAnErrorWithAMessage() {
    assertThatThrownBy(() -> client.modelMetadata("none", ""))
        .hasMessageContaining("no model is named 'none'");
    assertThatThrownBy(() -> client.infer("tiny@x", "3", "", List.of(tensor(true, PNG))))
        .hasMessageContaining("names no model");
    assertThatThrownBy(() ->
            client.infer(
                "tiny",
                "",
                "",
                List.of(tensor(true, PNG)),
                List.of(new RequestedOutput("softmax", true)),
                Map.of()))
        .isInstanceOfSatisfying(
            TritonHttpClient.ServerException.class, e -> assertThat(e.status()).isEqualTo(400))
        .hasMessage(
            "the model has no output 'softmax'; there are logits, probabilities, spikes, energy_pj");
  }
}
