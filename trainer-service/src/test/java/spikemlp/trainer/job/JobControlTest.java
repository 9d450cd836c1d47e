package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.Reproduction;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import spikemlp.trainer.registration.RegistryFixture;

/** What can be made of a job that has ended, and what it may take. */
class JobControlTest {

  @TempDir static Path home;
  private static TestDatabase database;
  private static RegistryFixture registry;
  private static RunningTrainer trainer;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create("trainer");
    registry = new RegistryFixture();
    trainer =
        RunningTrainer.start(database, home, "registry-url=" + registry.url(), "segment-batches=3");
  }

  @AfterAll
  static void stop() {
    trainer.close();
    registry.close();
    database.close();
  }

  @Test
  void aStoppedJobGoesOnWhereItWasAndEndsWithTheWeightsOfOneThatWasNotStopped() {
    String stopped = Jobs.submit(trainer, Jobs.tiny(60, 0.1));
    Jobs.await(trainer, stopped, job -> job.curve().size() > 2);
    act(stopped, "stop");
    TrainingJob before = Jobs.awaitEnd(trainer, stopped);
    assertThat(before.state()).isEqualTo(JobState.STOPPED);
    assertThat(before.curve()).hasSizeBetween(3, 59);
    Answer resumed = act(stopped, "resume");
    assertThat(resumed.status()).isEqualTo(202);
    assertThat(resumed.response().headers().firstValue("Location"))
        .hasValue(Jobs.PATH + "/" + stopped);
    assertThat(resumed.job().endedAt()).isNull();
    TrainingJob after = Jobs.awaitEnd(trainer, stopped);
    TrainingJob other = Jobs.awaitEnd(trainer, Jobs.submit(trainer, Jobs.tiny(60, 0.1)));
    assertThat(after.state()).isEqualTo(JobState.COMPLETED);
    assertThat(losses(after)).hasSize(60).isEqualTo(losses(other));
    assertThat(after.weightsSha256()).hasSize(64).isEqualTo(other.weightsSha256());
    assertThat(versionsOf(stopped)).hasSize(1);
  }

  @Test
  void aStoppedJobsCheckpointIsExportedByAJobOfItsOwnAndTheStoppedOneStillGoesOn() {
    String stopped = Jobs.submit(trainer, Jobs.tiny(5_000, 0.05));
    Jobs.await(trainer, stopped, job -> job.curve().size() > 2);
    act(stopped, "stop");
    TrainingJob before = Jobs.awaitEnd(trainer, stopped);
    Answer answer = act(stopped, "export");
    assertThat(answer.status()).isEqualTo(202);
    TrainingJob export = Jobs.awaitEnd(trainer, answer.job().id());
    assertThat(export.failure()).isNull();
    assertThat(export.state()).isEqualTo(JobState.COMPLETED);
    assertThat(export.kind()).isEqualTo(JobKind.EXPORT);
    assertThat(export.origin()).isEqualTo(stopped);
    assertThat(export.curve()).isEqualTo(before.curve());
    assertThat(export.secondsByStep())
        .containsOnlyKeys("prepareData", "evaluate", "export", "register");
    assertThat(versionsOf(export.id()))
        .singleElement()
        .satisfies(version -> assertThat(version.proof().passed()).isTrue());
    assertThat(home.resolve("work/jobs/" + export.id())).doesNotExist();
    act(stopped, "resume");
    Jobs.await(trainer, stopped, job -> job.curve().size() > before.curve().size());
    act(stopped, "stop");
    assertThat(Jobs.awaitEnd(trainer, stopped).state()).isEqualTo(JobState.STOPPED);
  }

  @Test
  void aReproductionGivesTheSameWeightsAndRegistersNothing() {
    String first = Jobs.submit(trainer, Jobs.tiny(3, 0.1));
    TrainingJob trained = Jobs.awaitEnd(trainer, first);
    String again = act(first, "reproduce").job().id();
    TrainingJob reproduced = Jobs.awaitEnd(trainer, again);
    assertThat(reproduced.failure()).isNull();
    assertThat(reproduced.state()).isEqualTo(JobState.COMPLETED);
    assertThat(reproduced.kind()).isEqualTo(JobKind.REPRODUCE);
    assertThat(reproduced.reproduction())
        .isEqualTo(
            new Reproduction(trained.weightsSha256(), trained.weightsSha256(), Boolean.TRUE));
    assertThat(losses(reproduced)).isEqualTo(losses(trained));
    assertThat(versionsOf(again)).isEmpty();
    assertThat(home.resolve("work/jobs/" + again)).doesNotExist();
  }

  @Test
  void aReproductionWithOtherWeightsFailsNamingBothHashes() {
    String first = Jobs.submit(trainer, Jobs.tiny(2, 0.1));
    TrainingJob trained = Jobs.awaitEnd(trainer, first);
    String expected = "0".repeat(64);
    trainer
        .context()
        .getBean(JdbcClient.class)
        .sql("update training_jobs set weights_sha256 = ? where id = ?")
        .param(expected)
        .param(first)
        .update();
    TrainingJob reproduced = Jobs.awaitEnd(trainer, act(first, "reproduce").job().id());
    assertThat(reproduced.state()).isEqualTo(JobState.FAILED);
    assertThat(reproduced.failure()).contains(expected, trained.weightsSha256());
    assertThat(reproduced.reproduction())
        .isEqualTo(new Reproduction(expected, trained.weightsSha256(), Boolean.FALSE));
  }

  @Test
  void whatCannotBeResumedExportedOrReproducedIsRefusedSayingWhatCan() {
    String completed = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    Jobs.awaitEnd(trainer, completed);
    refused(completed, "resume", 409, "job-not-interrupted", "COMPLETED");
    refused(completed, "export", 409, "job-not-interrupted", "COMPLETED");
    refused("no-such-job", "resume", 404, "job-not-found", "no-such-job");
    refused("no-such-job", "export", 404, "job-not-found", "no-such-job");
    refused("no-such-job", "reproduce", 404, "job-not-found", "no-such-job");
    String failed = Jobs.submit(trainer, Jobs.tiny(5, 1e30));
    Jobs.awaitEnd(trainer, failed);
    refused(failed, "reproduce", 409, "job-not-reproducible", "FAILED");
    String running = Jobs.submit(trainer, Jobs.tiny(100_000, 0.01));
    String waiting = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    refused(waiting, "resume", 409, "job-not-interrupted", "QUEUED");
    act(waiting, "stop");
    refused(waiting, "export", 409, "job-without-checkpoint", "nothing to export");
    act(running, "stop");
    Jobs.awaitEnd(trainer, running);
  }

  @Test
  void aJobThatRunsLongerThanItsLimitFailsSayingSoAndGoesOnWhenResumed() {
    String id =
        Jobs.submit(
            trainer, with(Jobs.tiny(100_000, 0.01), "\"limits\": {\"maxRuntimeSeconds\": 2}"));
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure())
        .contains("longer than its limit of 2 s", "limits.maxRuntimeSeconds", ":resume", ":export");
    assertThat(Duration.between(job.startedAt(), job.endedAt()))
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(30));
    assertThat(act(id, "resume").status()).isEqualTo(202);
    Jobs.await(trainer, id, again -> again.curve().size() > job.curve().size());
    act(id, "stop");
    Jobs.awaitEnd(trainer, id);
  }

  @Test
  void everyWrongLimitAndPriorityIsNamedAtOnceWithItsPlace() {
    Answer answer =
        trainer.post(
            Jobs.PATH,
            with(
                Jobs.tiny(1, 0.1),
                "\"priority\": 10, \"limits\": {\"maxRuntimeSeconds\": 0, \"maxParameters\": 10,"
                    + " \"maxMemoryBytes\": 1000}"));
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().get("errors").findValuesAsString("pointer"))
        .containsExactlyInAnyOrder(
            "/priority",
            "/limits/maxRuntimeSeconds",
            "/limits/maxParameters",
            "/limits/maxMemoryBytes");
  }

  @Test
  void ofWaitingJobsTheOneOfHigherPriorityGoesFirstAndOfTheSameTheOlder() {
    String running = Jobs.submit(trainer, Jobs.tiny(100_000, 0.01));
    Jobs.await(trainer, running, job -> job.state() == JobState.RUNNING);
    String low = Jobs.submit(trainer, with(Jobs.tiny(1, 0.1), "\"priority\": 0"));
    String usual = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    String later = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    String high = Jobs.submit(trainer, with(Jobs.tiny(1, 0.1), "\"priority\": 9"));
    act(running, "stop");
    List<Instant> starts =
        List.of(high, usual, later, low).stream()
            .map(id -> Jobs.awaitEnd(trainer, id).startedAt())
            .toList();
    assertThat(starts).isSorted();
  }

  @Test
  void aJobStopsWithinTwoSecondsInTheMidstOfALongTest() {
    String id =
        Jobs.submit(
            trainer, Jobs.tiny(1, 0.1).replace("\"testImages\": 40", "\"testImages\": 200000"));
    Jobs.await(trainer, id, job -> job.progress().step().equals(TrainingSteps.EVALUATE));
    Instant asked = Instant.now();
    act(id, "stop");
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.state()).isEqualTo(JobState.STOPPED);
    assertThat(job.secondsByStep()).doesNotContainKey("export");
    assertThat(Duration.between(asked, job.endedAt())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void theMetersTellOfJobsStepsImagesAndMemory() {
    Jobs.awaitEnd(trainer, Jobs.submit(trainer, Jobs.tiny(1, 0.1)));
    String meters = trainer.text("/actuator/prometheus");
    assertThat(meters)
        .contains(
            "spikemlp_trainer_jobs{state=\"COMPLETED\"}",
            "spikemlp_trainer_jobs{state=\"QUEUED\"}",
            "spikemlp_trainer_step_seconds_count{step=\"train\"}",
            "spikemlp_trainer_batch_seconds_sum",
            "spikemlp_trainer_checkpoint_seconds_count",
            "spikemlp_trainer_queue_wait_seconds_count",
            "spikemlp_trainer_images_total",
            "spikemlp_trainer_memory_native_bytes",
            "spikemlp_trainer_memory_resident_bytes");
  }

  private static Answer act(String id, String action) {
    return trainer.post(Jobs.PATH + "/" + id + ":" + action, "");
  }

  private static void refused(String id, String action, int status, String code, String detail) {
    Answer answer = act(id, action);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.body().get("code").asString()).isEqualTo(code);
    assertThat(answer.body().get("detail").asString()).contains(detail);
  }

  private static String with(String request, String field) {
    return request.replace("{\"name\": \"tiny\",", "{\"name\": \"tiny\", " + field + ",");
  }

  private static List<Double> losses(TrainingJob job) {
    return job.curve().stream().map(EpochMetrics::trainLoss).toList();
  }

  private static List<ModelVersion> versionsOf(String job) {
    return registry.versions().stream()
        .filter(version -> version.sourceJobId().equals(job))
        .toList();
  }
}
