package spikemlp.inference.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.export.OnnxExporter;
import spikemlp.inference.fixture.GoldenNetwork;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import spikemlp.inference.protocol.TritonHttpClient.Input;
import spikemlp.inference.protocol.TritonHttpClient.Result;
import spikemlp.network.SpikingMlp;
import spikemlp.security.Scope;

/** A trained network's two model files in ONNX Runtime, chosen by request and by setting. */
@Timeout(180)
class PrecisionTest {

  @TempDir static Path directory;
  private static RegistryFixture registry;
  private static RunningInference service;
  private static TritonHttpClient client;
  private static SafetensorsFile golden;
  private static NetworkConfig network;
  private static float[] images;
  private static int batch;

  @BeforeAll
  static void start() throws IOException {
    golden = GoldenNetwork.named("spe-default");
    network = GoldenNetwork.config(golden);
    images = golden.floats("input").values();
    batch = golden.tensor("input").shape()[0];
    ModelCard card = TinyModel.card(network);
    byte[] fp32 = exported(card, WeightPrecision.FP32);
    byte[] int8 = exported(card, WeightPrecision.INT8);
    registry = new RegistryFixture();
    registry.point("near", registry.add("near", 1, card, fp32, int8, 0.895));
    registry.point("far", registry.add("far", 1, card, fp32, int8, 0.8949));
    registry.point("old", registry.add("old", 1, card, fp32));
    registry.point("set", registry.add("set", 1, card, fp32, int8, 0.1));
    service =
        new RunningInference(
            directory, registry.url(), "--spikemlp.inference.precision.models.set=int8");
    client =
        new TritonHttpClient(
            service.base(),
            service
                .tokens()
                .mint("client", Set.of(Scope.INFER, Scope.READ), Duration.ofMinutes(10)));
  }

  private static byte[] exported(ModelCard card, WeightPrecision precision) throws IOException {
    Path file = directory.resolve(precision.label() + ".onnx");
    OnnxExporter.export(GoldenNetwork.weights(golden), card, precision, file);
    return Files.readAllBytes(file);
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    registry.close();
  }

  @Test
  void eachFileFiresTheSpikesOfTheCoreWithItsWeights() throws Exception {
    try (SpikingMlp single = SpikingMlp.create(network, 1)) {
      single.load(GoldenNetwork.weights(golden));
      try (SpikingMlp quantised = single.quantised()) {
        double[] fp32 = infer("near", Map.of("precision", "fp32")).values("spikes");
        double[] int8 = infer("near", Map.of("precision", "int8")).values("spikes");
        assertThat(fp32).isEqualTo(spikes(single));
        assertThat(int8).isEqualTo(spikes(quantised));
        assertThat(int8).isNotEqualTo(fp32);
      }
    }
  }

  private static double[] spikes(SpikingMlp core) {
    return Arrays.stream(core.infer(images, batch).spikes())
        .flatMapToLong(Arrays::stream)
        .asDoubleStream()
        .toArray();
  }

  @Test
  void theRequestDecidesThenTheModelsSettingThenFp32() throws Exception {
    assertThat(precision("near", Map.of())).isEqualTo("fp32");
    assertThat(precision("near", Map.of("precision", "int8"))).isEqualTo("int8");
    assertThat(precision("set", Map.of())).isEqualTo("int8");
    assertThat(precision("set", Map.of("precision", "fp32"))).isEqualTo("fp32");
    assertThat(client.modelMetadata("set", "").at("/parameters/precision").asString())
        .isEqualTo("int8");
  }

  @Test
  void autoTakesInt8WithinTheBoundAlone() throws Exception {
    Map<String, Object> auto = Map.of("precision", "auto");
    assertThat(precision("near", auto)).isEqualTo("int8");
    assertThat(precision("far", auto)).isEqualTo("fp32");
    assertThat(precision("old", auto)).isEqualTo("fp32");
  }

  @Test
  void aVersionWithoutTheFileRefusesInt8AndSaysWhatItHas() throws Exception {
    assertThatThrownBy(() -> infer("old", Map.of("precision", "int8")))
        .isInstanceOfSatisfying(
            TritonHttpClient.ServerException.class, e -> assertThat(e.status()).isEqualTo(409))
        .hasMessageContainingAll("old:1", "model-int8.onnx", "'fp32'");
    HttpResponse<String> refused = classify("old?precision=int8");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(RunningInference.code(refused)).isEqualTo("precision-unavailable");
    assertThat(classify("old?precision=auto").statusCode()).isEqualTo(200);
  }

  @Test
  void anotherPrecisionIsRefusedByName() throws Exception {
    assertThatThrownBy(() -> infer("near", Map.of("precision", "int4")))
        .isInstanceOfSatisfying(
            TritonHttpClient.ServerException.class, e -> assertThat(e.status()).isEqualTo(400))
        .hasMessageContainingAll("int4", "'auto'");
    HttpResponse<String> refused = classify("near?precision=int4");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(RunningInference.code(refused)).isEqualTo("invalid-precision");
  }

  @Test
  void theAnswerAndTheStatisticsNameThePrecision() throws Exception {
    assertThat(RunningInference.classification(classify("near?precision=int8")).precision())
        .isEqualTo("int8");
    assertThat(RunningInference.classification(classify("near?precision=fp32")).precision())
        .isEqualTo("fp32");
    assertThat(client.statistics("near").get("model_stats").valueStream())
        .extracting(one -> one.get("precision").asString())
        .contains("fp32", "int8");
  }

  private static HttpResponse<String> classify(String target) throws Exception {
    int size = network.imageHeight();
    return service.classify(target, "image/png", Pictures.encoded("png", size, size, 5));
  }

  private static String precision(String model, Map<String, Object> parameters) throws Exception {
    return infer(model, parameters).json().at("/parameters/precision").asString();
  }

  private static Result infer(String model, Map<String, Object> parameters) throws Exception {
    List<Long> shape =
        List.of((long) batch, 3L, (long) network.imageHeight(), (long) network.imageWidth());
    return client.infer(
        model, "", "", List.of(Input.fp32("images", shape, images, true)), List.of(), parameters);
  }
}
