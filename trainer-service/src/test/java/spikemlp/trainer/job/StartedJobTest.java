package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import spikemlp.data.DataSources;
import spikemlp.data.ImageDataSet;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import spikemlp.trainer.registration.RegistryFixture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs that start from a registered version, on a real database. */
class StartedJobTest {

  @TempDir static Path home;
  private static TestDatabase database;
  private static RegistryFixture registry;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() throws Exception {
    Path images = home.resolve("images");
    drawFolders(images.resolve("high"), List.of(7, 8, 9));
    database = TestDatabase.create("trainer");
    registry = new RegistryFixture();
    trainer =
        RunningTrainer.start(
            database,
            home,
            "registry-url=" + registry.url(),
            "registry-attempts=3",
            "registry-delay=50ms",
            "segment-batches=3",
            "data-roots=" + images);
    TrainingJob scratch = Jobs.awaitEnd(trainer, Jobs.submit(trainer, Jobs.tiny(2, 0.1)));
    assertThat(scratch.failure()).isNull();
    assertThat(scratch.parent()).isNull();
    assertThat(registry.versions().getFirst().card().provenance().parent()).isNull();
  }

  @AfterAll
  static void stop() {
    trainer.close();
    registry.close();
    database.close();
  }

  /** A class folder for each of some drawn digits, 12 pictures in each. */
  private static void drawFolders(Path folder, List<Integer> digits) throws Exception {
    ImageDataSet drawn =
        DataSources.digits(120, 10, 3).load(32, 32, InputSpec.Fit.COVER, 3).train();
    for (int i = 0; i < drawn.size(); i++) {
      if (digits.contains(drawn.label(i))) {
        Path own = Files.createDirectories(folder.resolve("digit-" + drawn.label(i)));
        Files.write(own.resolve(i + ".png"), drawn.png(i));
      }
    }
  }

  private static String from(String start, String more) {
    return """
    {"name": "child", "dataSet": {"kind": "digits", "trainImages": 64, "testImages": 40},
     "training": {"epochs": 1, "batchSize": 16}, "start": %s%s}
    """
        .formatted(start, more);
  }

  private static ModelVersion versionOf(String job) {
    return registry.versions().stream()
        .filter(version -> version.sourceJobId().equals(job))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void timeInheritanceTakesTheNetworkAndInputAndTellsItsParent() {
    ModelVersion first = registry.versions().getFirst();
    String id =
        Jobs.submit(
            trainer,
            from(
                "{\"model\": \"tiny\", \"version\": 1, \"mode\": \"INHERIT\"}",
                ", \"network\": {\"timeSteps\": 4}"));
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.failure()).isNull();
    Parent parent =
        new Parent(
            "tiny",
            1,
            first.artifacts().get(RegisterVersionRequest.CHECKPOINT_FILE).sha256(),
            StartMode.INHERIT,
            2);
    assertThat(job.parent()).isEqualTo(parent);
    ModelVersion version = versionOf(id);
    assertThat(version.card().provenance().parent()).isEqualTo(parent);
    assertThat(version.card().network()).isEqualTo(first.card().network().withTimeSteps(4));
    assertThat(version.card().input()).isEqualTo(first.card().input());
    JsonNode report =
        JsonMapper.shared().readTree(registry.content(version, RegisterVersionRequest.REPORT_FILE));
    assertThat(JsonMapper.shared().treeToValue(report.get("parent"), Parent.class))
        .isEqualTo(parent);
    assertThat(home.resolve("work/jobs/" + id)).doesNotExist();
  }

  @Test
  void fineTuningOnOtherClassesKeepsTheStartsInput() {
    ModelVersion first = registry.versions().getFirst();
    String id =
        Jobs.submit(
            trainer,
            """
            {"name": "high", "dataSet": {"kind": "path", "path": "high"},
             "training": {"epochs": 1, "batchSize": 8},
             "start": {"model": "tiny", "version": 1, "mode": "FINE_TUNE"}}
            """);
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.failure()).isNull();
    ModelVersion version = versionOf(id);
    assertThat(version.card().labels()).containsExactly("digit-7", "digit-8", "digit-9");
    assertThat(version.card().network().classes()).isEqualTo(3);
    assertThat(version.card().network().stages()).isEqualTo(first.card().network().stages());
    assertThat(version.card().input()).isEqualTo(first.card().input());
    assertThat(version.card().provenance().parent().mode()).isEqualTo(StartMode.FINE_TUNE);
  }

  @Test
  void anAliasIsPinnedAtSubmissionAndTheDownloadWaitsForTheRegistry() throws Exception {
    ModelVersion first = registry.versions().getFirst();
    registry.alias("tiny@pinned", 1);
    try (TestDatabase other = TestDatabase.create("trainer")) {
      Path place = home.resolve("other");
      String url = "registry-url=" + registry.url();
      String id;
      try (RunningTrainer api = RunningTrainer.start(other, place, url, "workers=0")) {
        id = Jobs.submit(api, from("{\"model\": \"tiny\", \"alias\": \"pinned\"}", ""));
        assertThat(api.get(Jobs.PATH + "/" + id).job().parent().version()).isEqualTo(1);
      }
      registry.alias("tiny@pinned", 999);
      int before = registry.downloads();
      registry.failNext(2);
      try (RunningTrainer worker =
          RunningTrainer.start(other, place, url, "registry-attempts=3", "registry-delay=50ms")) {
        TrainingJob job = Jobs.awaitEnd(worker, id);
        assertThat(job.failure()).isNull();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      }
      assertThat(registry.downloads()).isEqualTo(before + 1);
      Parent parent = versionOf(id).card().provenance().parent();
      assertThat(parent.version()).isEqualTo(1);
      assertThat(parent.checkpointSha256())
          .isEqualTo(first.artifacts().get(RegisterVersionRequest.CHECKPOINT_FILE).sha256());
    }
  }

  @Test
  void aRegistryThatIsGoneFailsTheJobAfterTheLastAttemptSayingSo() throws Exception {
    try (TestDatabase other = TestDatabase.create("trainer")) {
      Path place = home.resolve("gone");
      String id;
      try (RunningTrainer api =
          RunningTrainer.start(other, place, "registry-url=" + registry.url(), "workers=0")) {
        id = Jobs.submit(api, from("{\"model\": \"tiny\", \"version\": 1}", ""));
      }
      URI nobody;
      try (RegistryFixture closed = new RegistryFixture()) {
        nobody = closed.url();
      }
      try (RunningTrainer worker =
          RunningTrainer.start(
              other,
              place,
              "registry-url=" + nobody,
              "registry-attempts=2",
              "registry-delay=50ms")) {
        TrainingJob job = Jobs.awaitEnd(worker, id);
        assertThat(job.state()).isEqualTo(JobState.FAILED);
        assertThat(job.failure())
            .startsWith("the registry at " + nobody + " did not give")
            .contains("checkpoint.safetensors of tiny:1 in 2 attempts");
      }
    }
  }

  @Test
  void aCheckpointOfOtherContentFailsTheJobWithBothHashes() {
    ModelVersion first = registry.versions().getFirst();
    Artifact claimed = new Artifact("ab".repeat(32), 3);
    registry.add(like(first, 71, VersionState.READY, Map.of("checkpoint.safetensors", claimed)));
    registry.corrupt(claimed.sha256(), new byte[] {1, 2, 3});
    String id = Jobs.submit(trainer, from("{\"model\": \"tiny\", \"version\": 71}", ""));
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure())
        .contains("did not give checkpoint.safetensors of tiny:71", "3 attempts")
        .contains("what came is not the file", claimed.sha256());
    assertThat(job.curve()).isEmpty();
  }

  @Test
  void whatContradictsTheStartVersionIsRefusedAllAtOnceWithBothValues() {
    Answer answer =
        trainer.post(
            Jobs.PATH,
            """
            {"name": "Child", "dataSet": {"kind": "path", "path": "high"},
             "network": {"patchSize": 4, "embeddingDim": 48, "imageHeight": 64, "timeSteps": 0},
             "training": {"epochs": 0},
             "start": {"model": "tiny", "version": 1, "mode": "INHERIT"}}
            """);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().get("code").asString()).isEqualTo("invalid-configuration");
    Map<String, String> errors = errors(answer);
    assertThat(errors)
        .containsOnlyKeys(
            "name",
            "dataSet",
            "network.patchSize",
            "network.embeddingDim",
            "network.imageHeight",
            "network.timeSteps",
            "training.epochs");
    assertThat(errors.get("network.embeddingDim")).contains("48", "the start version has 6");
    assertThat(errors.get("dataSet"))
        .contains("3 classes", "its 10 classes", "class 0 is 'digit-7' here, '0' there");
  }

  @Test
  void timeStepsBeyondTheRangeAreRefused() {
    Answer answer =
        trainer.post(
            Jobs.PATH,
            from("{\"model\": \"tiny\", \"version\": 1}", ", \"network\": {\"timeSteps\": 5000}"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(errors(answer)).containsOnlyKeys("network.timeSteps");
  }

  @Test
  void aVersionThatCannotBeStartedFromIsRefusedNamingIt() {
    ModelVersion first = registry.versions().getFirst();
    registry.add(like(first, 81, VersionState.FAILED, first.artifacts()));
    registry.add(
        like(
            first,
            82,
            VersionState.READY,
            Map.of("model.onnx", first.artifacts().get("model.onnx"))));
    assertThat(refusal("{\"model\": \"nobody\"}"))
        .containsOnlyKeys("start.model")
        .containsEntry("start.model", "nobody: there is no model 'nobody'");
    assertThat(refusal("{\"model\": \"tiny\", \"version\": 99}")).containsOnlyKeys("start.version");
    assertThat(refusal("{\"model\": \"tiny\", \"alias\": \"none\"}"))
        .containsEntry("start.alias", "none: model 'tiny' has no alias 'none'");
    assertThat(refusal("{\"model\": \"tiny\", \"version\": 81}"))
        .containsEntry("start.version", "81: version 81 is FAILED, not READY");
    assertThat(refusal("{\"model\": \"tiny\", \"version\": 82}").get("start.version"))
        .contains("no checkpoint.safetensors", "it has model.onnx");
    assertThat(refusal("{\"model\": \"../x\", \"alias\": \"A\", \"version\": 0}"))
        .containsOnlyKeys("start.model", "start.alias", "start.version");
    assertThat(trainer.post(Jobs.PATH, from("{\"model\": \"tiny\", \"mode\": \"COPY\"}", "")))
        .satisfies(answer -> {
          assertThat(answer.status()).isEqualTo(400);
          assertThat(answer.body().get("detail").asString()).contains("INHERIT, FINE_TUNE");
        });
  }

  @Test
  void aRegistryThatDoesNotAnswerRefusesTheSubmissionForNow() throws Exception {
    try (TestDatabase other = TestDatabase.create("trainer");
        RegistryFixture silent = new RegistryFixture();
        RunningTrainer api =
            RunningTrainer.start(
                other, home.resolve("silent"), "registry-url=" + silent.url(), "workers=0")) {
      silent.failNext(1);
      Answer answer = api.post(Jobs.PATH, from("{\"model\": \"tiny\"}", ""));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("5");
      assertThat(answer.body().get("code").asString()).isEqualTo("registry-unavailable");
      assertThat(answer.body().get("detail").asString()).contains("tiny", "not now");
      assertThat(jobs(api)).isZero();
    }
  }

  private static int jobs(RunningTrainer api) {
    return api.context()
        .getBean(JdbcClient.class)
        .sql("select count(*) from training_jobs")
        .query(Integer.class)
        .single();
  }

  private static Map<String, String> refusal(String start) {
    Answer answer = trainer.post(Jobs.PATH, from(start, ""));
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(422);
    return errors(answer);
  }

  private static Map<String, String> errors(Answer answer) {
    Map<String, String> errors = new HashMap<>();
    answer
        .body()
        .get("errors")
        .valueStream()
        .forEach(error ->
            errors.put(
                error.get("field").asString(),
                error.get("value").asString() + ": " + error.get("message").asString()));
    return errors;
  }

  private static ModelVersion like(
      ModelVersion version, int number, VersionState state, Map<String, Artifact> artifacts) {
    return new ModelVersion(
        version.model(),
        number,
        state,
        List.of(),
        "job-" + number,
        version.card(),
        artifacts,
        version.metrics(),
        version.proof(),
        Instant.EPOCH);
  }
}
