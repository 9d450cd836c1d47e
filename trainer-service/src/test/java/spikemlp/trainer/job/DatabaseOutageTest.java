package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import spikemlp.trainer.registration.RegistryFixture;

/**
 * A PostgreSQL that cuts every connection in mid-job and takes none for a while: for {@code
 * spikemlp.test.outage-seconds}.
 */
class DatabaseOutageTest {

  /** Longer than the lease of two seconds, so that the worker loses it. */
  private static final Duration OUTAGE =
      Duration.ofSeconds(Integer.getInteger("spikemlp.test.outage-seconds", 5));

  /** Seconds of training even in a warm process, so that the outage comes in mid-job. */
  private static final int EPOCHS = 400;

  @TempDir Path home;

  @Test
  void aJobOutlivesAnOutageOfItsDatabaseAndRegistersOnce() throws Exception {
    try (TestDatabase database = TestDatabase.create("trainer");
        TestDatabase other = TestDatabase.create("operator");
        Connection operator =
            DriverManager.getConnection(other.jdbcUrl(), other.username(), other.password());
        RegistryFixture registry = new RegistryFixture();
        RunningTrainer trainer =
            RunningTrainer.start(
                database, home, "registry-url=" + registry.url(), "segment-batches=3")) {
      String name = database.jdbcUrl().replaceAll("\\?.*", "").replaceAll(".*/", "");
      String id = Jobs.submit(trainer, Jobs.tiny(EPOCHS, 0.1));
      Jobs.await(trainer, id, job -> !job.curve().isEmpty());
      allowConnections(operator, name, false);
      try {
        assertUnavailable(trainer.get(Jobs.PATH + "/" + id), "did not answer"); // broken off
        new CountDownLatch(1).await(OUTAGE.toMillis(), TimeUnit.MILLISECONDS);
        assertUnavailable(trainer.get(Jobs.PATH + "/" + id), "did not answer"); // none to be had
      } finally {
        allowConnections(operator, name, true);
      }
      assertCompletesAndRegistersOnce(trainer, registry, id);
    }
  }

  /**
   * The database comes back between two writes of Batch's own: its tables contradict each other.
   */
  @Test
  void aJobWhoseBatchStepWasNeverRecordedAsEndedGoesOn() throws Exception {
    try (TestDatabase database = TestDatabase.create("trainer");
        RegistryFixture registry = new RegistryFixture();
        RunningTrainer trainer =
            RunningTrainer.start(
                database, home, "registry-url=" + registry.url(), "segment-batches=3")) {
      JdbcClient jdbc = JdbcClient.create(trainer.context().getBean(DataSource.class));
      String id = Jobs.submit(trainer, Jobs.tiny(EPOCHS, 0.1));
      Jobs.await(trainer, id, job -> !job.curve().isEmpty());
      jdbc.sql(
              """
              create function outage() returns trigger language plpgsql as
                $$ begin raise connection_failure using message = 'gone'; end $$;
              create trigger outage before update on batch_step_execution
                for each row execute function outage()
              """)
          .update();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  jdbc.sql(
                          """
                          select j.status || ' ' || s.status from batch_job_execution j
                            join batch_step_execution s using (job_execution_id)
                            where s.step_name = 'train' order by j.job_execution_id limit 1
                          """)
                      .query(String.class)
                      .single(),
              Predicate.not("STARTED STARTED"::equals));
      jdbc.sql("drop trigger outage on batch_step_execution").update();
      assertCompletesAndRegistersOnce(trainer, registry, id);
    }
  }

  @Test
  void aDatabaseWhoseDiskIsFullIsNamed() throws Exception {
    try (TestDatabase database = TestDatabase.create("trainer");
        RunningTrainer trainer =
            RunningTrainer.start(database, home, "registry-url=http://127.0.0.1:1", "workers=0")) {
      JdbcClient.create(trainer.context().getBean(DataSource.class))
          .sql(
              """
              create function full_disk() returns trigger language plpgsql as
                $$ begin raise disk_full using message = 'could not extend file'; end $$;
              create trigger full_disk before insert on training_jobs
                for each row execute function full_disk()
              """)
          .update();
      assertUnavailable(trainer.post(Jobs.PATH, Jobs.tiny(1, 0.1)), "disk is full");
    }
  }

  private static void assertUnavailable(Answer answer, String reason) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(503);
    assertThat(answer.body().path("code").asString()).isEqualTo("database-unavailable");
    assertThat(answer.body().path("detail").asString())
        .contains(reason)
        .doesNotContainIgnoringCase("sql");
    assertThat(answer.response().headers().firstValue("Retry-After")).hasValue("5");
  }

  private static void allowConnections(Connection operator, String database, boolean allowed)
      throws SQLException {
    try (Statement statement = operator.createStatement()) {
      statement.execute("alter database \"" + database + "\" allow_connections " + allowed);
      if (!allowed) {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                + database
                + "'");
      }
    }
  }

  private static void assertCompletesAndRegistersOnce(
      RunningTrainer trainer, RegistryFixture registry, String id) throws Exception {
    TrainingJob job = Jobs.awaitEnd(trainer, id);
    assertThat(job.failure()).isNull();
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.curve()).hasSize(EPOCHS);
    assertThat(Jobs.stepSeries(trainer, id)).hasSize(2 * EPOCHS);
    assertThat(registry.versions()).extracting(ModelVersion::sourceJobId).containsExactly(id);
  }
}
