package spikemlp.inference.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static spikemlp.inference.fixture.RunningInference.assertProblem;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.classify.EnergyReport;
import spikemlp.contract.classify.LayerRate;
import spikemlp.contract.classify.Prediction;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.energy.MemoryAwareModel;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.QuantisedAnn;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.inference.fixture.Pictures;
import spikemlp.inference.fixture.RegistryFixture;
import spikemlp.inference.fixture.RunningInference;
import spikemlp.inference.fixture.TinyModel;
import spikemlp.security.RouteSecurityContract;
import spikemlp.security.Scope;

@Timeout(120)
class ClassifyTest {

  private static final TinyModel MODEL = TinyModel.of(TinyModel.NETWORK, 11);
  private static final ModelCard CARD = TinyModel.card(TinyModel.NETWORK);
  private static final String PNG = "image/png";

  @TempDir static Path directory;
  private static RegistryFixture registry;
  private static RunningInference service;

  @BeforeAll
  static void start() throws IOException {
    registry = new RegistryFixture();
    ModelVersion version = registry.add("tiny", 3, CARD, MODEL.bytes());
    registry.point("tiny", version);
    registry.point("tiny@champion", version);
    service =
        new RunningInference(
            directory, registry.url(), "--spikemlp.inference.classify.largest-picture=64KB");
  }

  @AfterAll
  static void stop() {
    service.close();
    registry.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny", "tiny@champion", "tiny:3", "tiny%3A3", "tiny%40champion"})
  void answersWithLabelsProbabilitiesAndTheEnergyOfThisPicturesSpikes(String reference)
      throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 5);
    Classification answer =
        RunningInference.classification(service.classify(reference + "?topK=4", PNG, picture));
    assertThat(answer.model()).isEqualTo("tiny");
    assertThat(answer.version()).isEqualTo(3);
    assertThat(answer.waitMillis()).isNotNegative();
    assertThat(answer.computeMillis()).isPositive();
    float[] x = new ImagePreparation(CARD.input()).prepare(picture);
    assertProbabilities(answer, x);
    OperationCounts operations =
        SpikeActivity.recorded(
                CARD.topology(),
                TinyModel.NETWORK.timeSteps(),
                counts(x, MODEL.spikeWeights()),
                counts(x, MODEL.windowWeights()))
            .counts();
    assertThat(answer.energy().operations()).isEqualTo(operations);
    assertThat(answer.energy().model()).isEqualTo(EnergyModel.HOROWITZ_45NM);
    assertThat(answer.energy().picojoules())
        .isEqualTo(4.6 * operations.macs() + 0.9 * operations.synapticAdditions());
    assertThat(answer.energy().annPicojoules()).isEqualTo(4.6 * operations.annMacs());
    long spikes = Arrays.stream(counts(x, MODEL.spikeWeights())).sum();
    assertThat(answer.energy().spikes()).isEqualTo(spikes).isPositive();
    assertThat(answer.energy().firingRate())
        .isEqualTo((double) spikes / operations.membraneUpdates());
  }

  private static void assertProbabilities(Classification answer, float[] x) {
    float[][] w = MODEL.logitWeights();
    double[] exponentials = new double[4];
    double sum = 0;
    for (int k = 0; k < 4; k++) {
      double logit = 0;
      for (int i = 0; i < x.length; i++) {
        logit += x[i] * w[i][k];
      }
      exponentials[k] = Math.exp(logit);
      sum += exponentials[k];
    }
    assertThat(answer.predictions()).hasSize(4);
    assertThat(answer.predictions())
        .isSortedAccordingTo((a, b) -> Double.compare(b.probability(), a.probability()));
    for (Prediction prediction : answer.predictions()) {
      assertThat(prediction.label()).isEqualTo("class-" + prediction.index());
      assertThat(prediction.probability())
          .isCloseTo(exponentials[prediction.index()] / sum, within(1e-4));
    }
  }

  private static long[] counts(float[] x, float[][] chosen) {
    long[] counts = new long[chosen[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < counts.length; j++) {
        counts[j] += x[i] > 0 ? (long) chosen[i][j] : 0;
      }
    }
    return counts;
  }

  @Test
  void topKIsCappedByTheClassesAndAtLeastOne() throws Exception {
    byte[] picture = Pictures.encoded("jpg", 20, 12, 5);
    assertThat(classified("tiny?topK=1", picture).predictions()).hasSize(1);
    assertThat(classified("tiny", picture).predictions()).hasSize(4);
    assertProblem(service.classify("tiny?topK=0", PNG, picture), 400, "invalid-top-k", "not 0");
    assertThat(service.classify("tiny?topK=many", PNG, picture).statusCode()).isEqualTo(400);
  }

  private static Classification classified(String target, byte[] picture) throws Exception {
    return RunningInference.classification(
        service.classify(target, "application/octet-stream", picture));
  }

  @Test
  void energyIsByTheModelAskedFor() throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 5);
    Classification int8 = classified("tiny?energy=int8", picture);
    Classification usual = classified("tiny", picture);
    assertThat(int8.energy().model()).isEqualTo(EnergyModel.INT8);
    assertThat(int8.energy().operations()).isEqualTo(usual.energy().operations());
    assertThat(int8.energy().picojoules()).isLessThan(usual.energy().picojoules());
    assertProblem(
        service.classify("tiny?energy=solar", PNG, picture),
        400,
        "unknown-energy-model",
        "there are horowitz-45nm-compute, int8, int32, fp16");
  }

  @Test
  void aBodyThatIsNoPictureIsRefusedWithTheReason() throws Exception {
    byte[] png = Pictures.encoded("png", 8, 8, 5);
    byte[] jpeg = Pictures.encoded("jpg", 32, 32, 5);
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    for (byte[] body :
        new byte[][] {
          new byte[0],
          text,
          Arrays.copyOf(png, png.length / 2),
          Arrays.copyOf(jpeg, jpeg.length / 2)
        }) {
      HttpResponse<String> response = service.classify("tiny", PNG, body);
      assertProblem(response, 400, "unreadable-image", "");
      assertThat(RunningInference.detail(response)).hasSizeGreaterThan(10);
    }
  }

  @Test
  void aBodyPastTheBoundIsRefusedWithADeclaredLengthAndWithout() throws Exception {
    byte[] large = new byte[64 * 1024 + 1];
    assertProblem(
        service.classify("tiny", PNG, large), 413, "picture-too-large", "at most 65536 bytes");
    HttpRequest.Builder chunked =
        service
            .request("/api/v1/classify/tiny")
            .header("Content-Type", PNG)
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new java.io.ByteArrayInputStream(large)));
    assertProblem(service.send(chunked), 413, "picture-too-large", "at most 65536 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded"})
  void anotherContentTypeIsRefused(String type) throws Exception {
    assertProblem(
        service.classify("tiny", type, Pictures.encoded("png", 8, 8, 5)),
        415,
        "unsupported-media-type",
        "send one of application/octet-stream, image/jpeg, image/png, multipart/form-data");
  }

  @Test
  void aModelThatIsNotThereIsNamed() throws Exception {
    byte[] picture = Pictures.encoded("png", 8, 8, 5);
    assertProblem(service.classify("other", PNG, picture), 404, "model-not-found", "named 'other'");
    assertProblem(
        service.classify("NO", PNG, picture), 400, "invalid-model-reference", "'NO' names no");
  }

  @Test
  void servedModelsListsWhatIsLoaded() throws Exception {
    classified("tiny", Pictures.encoded("png", 8, 8, 5));
    HttpResponse<String> response = service.get("/api/v1/served-models");
    assertThat(response.statusCode()).isEqualTo(200);
    var served = RunningInference.json(response).get(0);
    assertThat(served.get("model").asString()).isEqualTo("tiny");
    assertThat(served.get("version").asInt()).isEqualTo(3);
    assertThat(served.get("labels").size()).isEqualTo(4);
    assertThat(served.get("sha256").asString()).isEqualTo(RegistryFixture.sha256(MODEL.bytes()));
  }

  @Test
  void metricsAreForThoseWhoMayRead() throws Exception {
    classified("tiny", Pictures.encoded("png", 8, 8, 5));
    HttpResponse<String> response = service.get("/actuator/prometheus");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .contains(
            "spikemlp_inference_compute_seconds_count"
                + "{model=\"tiny\",precision=\"fp32\",version=\"3\"}")
        .contains("spikemlp_inference_queue_seconds_count")
        .contains("spikemlp_inference_duration_seconds_count")
        .contains("spikemlp_inference_batch_size_sum")
        .contains("spikemlp_inference_synaptic_operations_total")
        .contains("energy=\"memory-aware\"")
        .contains("spikemlp_inference_spikes_total")
        .contains("spikemlp_inference_energy_estimated_joules_total")
        .doesNotContain("spring_security")
        .contains("spikemlp_inference_sessions 1.0");
  }

  @Test
  void everyRouteIsClosedButToItsScope() {
    RouteSecurityContract.verify(
        service.context(),
        service.base(),
        service.tokens(),
        Map.ofEntries(
            Map.entry("POST /api/v1/classify/{model}", Scope.INFER),
            Map.entry("POST /v2/models/{model}/infer", Scope.INFER),
            Map.entry("POST /v2/models/{model}/versions/{version}/infer", Scope.INFER),
            Map.entry("POST /v2/repository/index", Scope.READ),
            Map.entry("GET /v2", Scope.READ),
            Map.entry("GET /v2/", Scope.READ),
            Map.entry("GET /v2/models/{model}", Scope.READ),
            Map.entry("GET /v2/models/{model}/versions/{version}", Scope.READ),
            Map.entry("GET /v2/models/{model}/ready", Scope.READ),
            Map.entry("GET /v2/models/{model}/versions/{version}/ready", Scope.READ),
            Map.entry("GET /v2/models/stats", Scope.READ),
            Map.entry("GET /v2/models/{model}/stats", Scope.READ),
            Map.entry("GET /v2/models/{model}/versions/{version}/stats", Scope.READ),
            Map.entry("GET /api/v1/served-models", Scope.READ),
            Map.entry("GET /actuator/prometheus", Scope.READ)));
  }

  @Test
  void theAnswerHasTheVersionsProofAndTheQuantisedBaseline() throws Exception {
    Classification answer = classified("tiny", Pictures.encoded("png", 8, 8, 5));
    assertThat(answer.proof()).isEqualTo(new ExportProof(1, 1, 0, 1, 0, true, "ONNX Runtime"));
    assertThat(answer.energy().quantisedAnn())
        .isEqualTo(QuantisedAnn.of(4, answer.energy().operations().annMacs()));
    assertThat(answer.energy().timesAnn())
        .isEqualTo(answer.energy().picojoules() / answer.energy().annPicojoules());
    assertThat(answer.rates()).isNull();
    assertThat(answer.energy().memory()).isNull();
  }

  @Test
  void memoryAwareAddsReadsWritesAndAddresses() throws Exception {
    EnergyReport energy =
        classified("tiny?energy=memory-aware", Pictures.encoded("png", 8, 8, 5)).energy();
    float[] x = new ImagePreparation(CARD.input()).prepare(Pictures.encoded("png", 8, 8, 5));
    SpikeActivity activity =
        SpikeActivity.recorded(
            CARD.topology(), 4, counts(x, MODEL.spikeWeights()), counts(x, MODEL.windowWeights()));
    assertThat(energy.model()).isEqualTo(new EnergyModel("memory-aware", 0.9, 4.6));
    assertThat(energy.memory().model()).isEqualTo(MemoryAwareModel.DEFAULT);
    assertThat(energy.memory().spiking())
        .isEqualTo(MemoryAwareModel.DEFAULT.spiking(CARD.network(), activity));
    assertThat(energy.picojoules()).isEqualTo(energy.memory().spiking().picojoules());
    assertThat(energy.annPicojoules()).isEqualTo(energy.memory().artificial().picojoules());
    assertThat(energy.quantisedAnn().picojoules())
        .isEqualTo(energy.memory().quantised().picojoules());
    assertThat(energy.timesQuantisedAnn()).isGreaterThan(1);
  }

  @Test
  void ratesTellEachLayersFiring() throws Exception {
    Classification answer = classified("tiny?explain=rates", Pictures.encoded("png", 8, 8, 5));
    assertThat(answer.rates())
        .extracting(LayerRate::layer)
        .isEqualTo(CARD.topology().neurons().stream().map(layer -> layer.name()).toList());
    assertThat(answer.rates().stream().mapToLong(LayerRate::spikes).sum())
        .isEqualTo(answer.energy().spikes());
    LayerRate first = answer.rates().getFirst();
    assertThat(first.firingRate()).isEqualTo(first.spikes() / (4.0 * first.neurons()));
    assertProblem(
        service.classify("tiny?explain=all", PNG, Pictures.encoded("png", 8, 8, 5)),
        400,
        "invalid-explain",
        "'rates', not 'all'");
  }
}
