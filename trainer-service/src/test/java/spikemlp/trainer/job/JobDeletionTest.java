package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.JobState;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import spikemlp.trainer.registration.RegistryFixture;
import tools.jackson.databind.JsonNode;

class JobDeletionTest {

  @TempDir static Path home;
  private static TestDatabase database;
  private static RegistryFixture registry;
  private static RunningTrainer trainer;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create("trainer");
    registry = new RegistryFixture();
    trainer =
        RunningTrainer.start(database, home, "registry-url=" + registry.url(), "segment-batches=3");
    jdbc = JdbcClient.create(trainer.context().getBean(DataSource.class));
  }

  @AfterAll
  static void stop() {
    trainer.close();
    registry.close();
    database.close();
  }

  private static int count(String from) {
    return jdbc.sql("select count(*) from " + from).query(Integer.class).single();
  }

  @Test
  void aJobThatHasEndedGoesWithAllItsRecordsAndFilesAndItsVersionStays() {
    String completed = Jobs.submit(trainer, Jobs.tiny(2, 0.1));
    assertThat(Jobs.awaitEnd(trainer, completed).state()).isEqualTo(JobState.COMPLETED);
    List<String> messages =
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .until(() -> messages(completed), lines -> lines.contains("job ends COMPLETED"));
    assertThat(messages)
        .contains("step train begins", "step register ends COMPLETED")
        .first()
        .asString()
        .startsWith("job begins");
    String stopped = Jobs.submit(trainer, Jobs.tiny(100_000, 0.01));
    Jobs.await(trainer, stopped, job -> !job.curve().isEmpty());
    trainer.post(Jobs.PATH + "/" + stopped + ":stop", "");
    assertThat(Jobs.awaitEnd(trainer, stopped).state()).isEqualTo(JobState.STOPPED);
    assertThat(home.resolve("work/jobs/" + stopped)).isDirectory();
    for (String table :
        new String[] {"step_metrics", "job_events", "batch_step_execution_context"}) {
      assertThat(count(table)).as(table).isPositive();
    }
    for (String id : new String[] {completed, stopped}) {
      Answer deleted = trainer.delete(Jobs.PATH + "/" + id);
      assertThat(deleted.status()).as(deleted.response().body()).isEqualTo(204);
      assertThat(trainer.get(Jobs.PATH + "/" + id).status()).isEqualTo(404);
      assertThat(trainer.delete(Jobs.PATH + "/" + id).status()).isEqualTo(404);
    }
    assertThat(home.resolve("work/jobs/" + stopped)).doesNotExist();
    for (String table :
        new String[] {
          "training_jobs",
          "epoch_metrics",
          "step_metrics",
          "job_events",
          "job_logs",
          "batch_job_instance",
          "batch_job_execution",
          "batch_job_execution_params",
          "batch_job_execution_context",
          "batch_step_execution",
          "batch_step_execution_context"
        }) {
      assertThat(count(table)).as(table).isZero();
    }
    assertThat(registry.versions()).extracting(ModelVersion::sourceJobId).contains(completed);
  }

  private static List<String> messages(String id) {
    return trainer
        .get(Jobs.PATH + "/" + id + "/logs")
        .body()
        .get("items")
        .valueStream()
        .map(line -> line.get("message").asString())
        .toList();
  }

  @Test
  void aJobThatHasNotEndedOrBelongsToAStudyStays() {
    try (TestDatabase own = TestDatabase.create("trainer");
        RunningTrainer idle = RunningTrainer.start(own, home, "workers=0")) {
      String queued = Jobs.submit(idle, Jobs.tiny(1, 0.1));
      Answer running = idle.delete(Jobs.PATH + "/" + queued);
      assertThat(running.status()).isEqualTo(409);
      assertThat(running.body().get("code").asString()).isEqualTo("job-not-ended");
      assertThat(running.body().get("detail").asString()).contains(queued, "QUEUED", "stop it");
      JsonNode study =
          idle.post(
                  "/api/v1/studies",
                  """
                  {"name": "kept", "base": {"dataSet": {"kind": "digits"}}, "seeds": [1]}
                  """)
              .body();
      String run = study.get("cells").get(0).get("runs").get(0).get("jobId").asString();
      idle.post(Jobs.PATH + "/" + run + ":stop", "");
      Answer ofStudy = idle.delete(Jobs.PATH + "/" + run);
      assertThat(ofStudy.status()).isEqualTo(409);
      assertThat(ofStudy.body().get("code").asString()).isEqualTo("job-of-study");
      assertThat(ofStudy.body().get("detail").asString())
          .contains("kept", study.get("id").asString());
      assertThat(idle.get(Jobs.PATH + "/" + run).status()).isEqualTo(200);
    }
  }
}
