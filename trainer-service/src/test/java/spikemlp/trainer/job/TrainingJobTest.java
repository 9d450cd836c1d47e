package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.data.DataSources;
import spikemlp.data.ImageDataSet;
import spikemlp.export.ExportCheck;
import spikemlp.network.SpikingMlp;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.Scope;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.registration.RegistryFixture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Real trainings, seconds long, on a real database. */
class TrainingJobTest {

  @TempDir static Path home;
  private static TestDatabase database;
  private static RegistryFixture registry;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create("trainer");
    registry = new RegistryFixture();
    trainer =
        RunningTrainer.start(
            database,
            home,
            "registry-url=" + registry.url(),
            "registry-attempts=3",
            "registry-delay=50ms",
            "segment-batches=3");
  }

  @AfterAll
  static void stop() {
    trainer.close();
    registry.close();
    database.close();
  }

  @Test
  void aJobTrainsEvaluatesExportsAndRegistersOneVersion() {
    registry.failNext(2);
    String id = Jobs.submit(trainer, Jobs.tiny(2, 0.1));
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.failure()).isNull();
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.curve()).extracting(epoch -> epoch.epoch()).containsExactly(1, 2);
    assertThat(job.metrics()).containsKeys("accuracy", "energy_pj", "ann_energy_pj");
    assertThat(job.secondsByStep())
        .containsOnlyKeys("prepareData", "train", "evaluate", "export", "register");
    ModelVersion version =
        registry.versions().stream().filter(v -> v.sourceJobId().equals(id)).findFirst().get();
    assertThat(job.version()).isEqualTo(version.version());
    assertThat(version.proof().passed()).isTrue();
    assertThat(version.card().labels()).hasSize(10);
    assertThat(version.artifacts())
        .containsOnlyKeys(
            "model.onnx",
            "model-int8.onnx",
            "checkpoint.safetensors",
            "report.json",
            "report.html");
    JsonNode report =
        JsonMapper.shared().readTree(registry.content(version, RegisterVersionRequest.REPORT_FILE));
    assertThat(report.get("curve").size()).isEqualTo(2);
    assertThat(report.get("results").get("firingRates").has("head.lif")).isTrue();
    JsonNode energy = report.get("results").get("energy");
    assertThat(energy.valueStream().map(estimate -> estimate.get("model").asString()))
        .containsExactly("horowitz-45nm-compute", "int8", "int32", "fp16", "memory-aware");
    assertThat(energy.get(0).get("picojoules").asDouble())
        .isEqualTo(version.metrics().get("energy_pj"));
    assertThat(energy.get(4).get("picojoules").asDouble())
        .as("memory comes on top of arithmetic")
        .isGreaterThan(energy.get(0).get("picojoules").asDouble());
    assertThat(energy.get(0).get("quantisedAnnPicojoules").asDouble())
        .as("an int8 MAC costs 0.23 pJ, one of 32 bits 4.6")
        .isCloseTo(energy.get(0).get("annPicojoules").asDouble() / 20, withinPercentage(1e-6));
    assertThat(report.at("/results/int8/accuracy").asDouble())
        .isBetween(0.0, 1.0)
        .isEqualTo(version.metrics().get(RegisterVersionRequest.INT8_ACCURACY));
    assertThat(report.at("/int8Proof/images").asInt()).isPositive();
    assertThat(report.at("/int8Proof/differingSpikes").asInt(-1)).isZero();
    JsonNode neuroBench = report.get("results").get("neuroBench");
    assertThat(neuroBench.get("samples").asInt()).isPositive();
    assertThat(neuroBench.get("footprintBytes").asLong()).isPositive();
    assertThat(neuroBench.get("synapticOperations").get("effectiveAcs").asDouble())
        .isPositive()
        .isLessThan(neuroBench.get("synapticOperations").get("dense").asDouble());
    assertThat(report.get("software").get("nd4j").asString()).matches("[0-9].*");
    assertThat(report.get("curve").get(0).get("testLoss").asDouble()).isPositive();
    JsonNode field = report.get("receptiveFields").get(0);
    assertThat(field.get("layer").asString()).isEqualTo("stages.0.mixers.0.token_h");
    int side = field.get("shape").get(0).asInt();
    assertThat(field.get("weights").size()).isEqualTo(side);
    assertThat(field.get("weights").get(side - 1).size()).isEqualTo(side);
    assertThat(field.get("diagonalDominance").asDouble()).isBetween(0.0, 1.0);
    assertThat(report.get("receptiveFields").findValuesAsString("layer")).contains("head.token_fc");
    String page =
        new String(
            registry.content(version, RegisterVersionRequest.REPORT_PAGE_FILE),
            StandardCharsets.UTF_8);
    assertThat(page)
        .startsWith("<!DOCTYPE html>")
        .contains(
            id,
            "stages.0.mixers.0.token_w",
            "Proof of the export",
            "training.epochs",
            "effective ACs",
            "Accuracy with 8-bit weights")
        .contains(version.artifacts().get("model.onnx").sha256())
        .doesNotContain("<script", "NaN");
    assertThat(home.resolve("work/jobs/" + id)).doesNotExist();
  }

  @Test
  void aJobWithAnAverageOfItsWeightsRegistersTheAverage() throws Exception {
    String request =
        Jobs.tiny(3, 0.01)
            .replace(
                "\"training\": {",
                """
                "training": {"recipe": "strong", "optimizer": "ADAMW", "gradientClip": 1,
                  "schedule": {"kind": "STEP", "warmupEpochs": 0.5, "milestones": [2]},
                  "emaDecay": 0.9,\
                """);
    TrainingJob job = Jobs.awaitEnd(trainer, Jobs.submit(trainer, request));
    assertThat(job.failure()).isNull();
    ModelVersion version =
        registry.versions().stream()
            .filter(v -> v.sourceJobId().equals(job.id()))
            .findFirst()
            .orElseThrow();
    assertThat(version.proof().passed()).isTrue();
    Path file = home.resolve("averaged.safetensors");
    Files.write(file, registry.content(version, RegisterVersionRequest.CHECKPOINT_FILE));
    SafetensorsFile checkpoint = Safetensors.read(file);
    Path model = home.resolve("averaged.onnx");
    Files.write(model, registry.content(version, RegisterVersionRequest.MODEL_FILE));
    ImageDataSet digits = DataSources.digits(20, 20, 3).load(32, 32, InputSpec.Fit.COVER, 3).test();
    for (String prefix : new String[] {"ema.", ""}) {
      Map<String, WeightTensor> weights = new LinkedHashMap<>();
      try (SpikingMlp network = SpikingMlp.create(version.card().network(), 0)) {
        network
            .weights()
            .keySet()
            .forEach(name -> weights.put(name, checkpoint.floats(prefix + name)));
        network.load(weights);
        ExportProof proof =
            ExportCheck.prove(model, network, digits, version.card().input(), digits.size());
        assertThat(proof.differingSpikes() == 0).isEqualTo(prefix.equals("ema."));
      }
    }
  }

  @Test
  void aLearningRateOf1000FailsTheJobWithTheReasonAndRegistersNothing() {
    String id = Jobs.submit(trainer, Jobs.tiny(5, 1000));
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure())
        .contains("diverged", "the loss of batch", "a lower learningRate would be right");
    assertThat(registry.versions()).noneMatch(version -> version.sourceJobId().equals(id));
  }

  @Test
  void weightsThatAreNoNumbersFailTheJobNamingThem() {
    String id = Jobs.submit(trainer, Jobs.tiny(5, 1e30));
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure()).contains("diverged", "learning rate");
  }

  @Test
  void aRunningJobStopsGracefullyKeepsItsCheckpointAndItsStreamEnds() throws Exception {
    String id = Jobs.submit(trainer, Jobs.tiny(100_000, 0.01));
    Jobs.await(trainer, id, job -> !job.curve().isEmpty());
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpRequest events =
          HttpRequest.newBuilder(trainer.base().resolve(Jobs.PATH + "/" + id + "/events"))
              .header("Authorization", "Bearer " + trainer.token(Scope.READ))
              .build();
      var stream = http.sendAsync(events, HttpResponse.BodyHandlers.ofString());
      trainer.post(Jobs.PATH + "/" + id + ":stop", "");
      TrainingJob job = Jobs.awaitEnd(trainer, id);
      assertThat(job.state()).isEqualTo(JobState.STOPPED);
      assertThat(stream.get(20, TimeUnit.SECONDS).body())
          .startsWith("event:state")
          .contains("event:metric", "event:progress", "event:end");
    }
    try (var files = Files.list(home.resolve("work/jobs/" + id))) {
      assertThat(files)
          .singleElement()
          .satisfies(file -> assertThat(file.getFileName().toString()).startsWith("checkpoint-"));
    }
  }

  @Test
  void aRegistryThatStaysSilentFailsTheJobAfterTheLastAttempt() {
    registry.failNext(1000);
    String id = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    registry.failNext(0);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure()).contains("registry", "3 attempts", "not now");
    assertThat(registry.versions()).noneMatch(version -> version.sourceJobId().equals(id));
  }
}
