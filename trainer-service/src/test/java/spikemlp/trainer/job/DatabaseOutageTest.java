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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.registration.RegistryFixture;

/** A PostgreSQL that cuts every connection in mid-job and takes none for a while. */
class DatabaseOutageTest {

  /** Longer than the lease of two seconds, so that the worker loses it. */
  private static final Duration OUTAGE = Duration.ofSeconds(5);

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
      String id = Jobs.submit(trainer, Jobs.tiny(40, 0.1));
      Jobs.await(trainer, id, job -> job.progress().batch() >= 8);
      allowConnections(operator, name, false);
      try {
        assertThat(trainer.get("/api/v1/training-jobs/" + id).status()).isEqualTo(503);
        new CountDownLatch(1).await(OUTAGE.toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        allowConnections(operator, name, true);
      }
      TrainingJob job = Jobs.awaitEnd(trainer, id);
      assertThat(job.failure()).isNull();
      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(job.curve()).hasSize(40);
      assertThat(registry.versions()).extracting(ModelVersion::sourceJobId).containsExactly(id);
    }
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
}
