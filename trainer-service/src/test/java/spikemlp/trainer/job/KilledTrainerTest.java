package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.TrainerProcess;
import spikemlp.trainer.registration.RegistryFixture;

/** Trainers in processes of their own, killed as kill -9 kills. */
class KilledTrainerTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(50);

  @TempDir Path home;

  @Test
  void aJobWhoseTrainerIsKilledTwiceEndsWithTheWeightsOfAnUndisturbedOneAndRegistersOnce()
      throws Exception {
    String request = Jobs.tiny(40, 0.1);
    try (TestDatabase database = TestDatabase.create("trainer");
        RegistryFixture registry = new RegistryFixture()) {
      String url = "registry-url=" + registry.url();
      String killed;
      try (RunningTrainer api = RunningTrainer.start(database, home, url, "workers=0")) {
        killed = Jobs.submit(api, request);
      }
      long batches = 0;
      for (int i = 0; i < 2; i++) {
        try (TrainerProcess process = process(database, url)) {
          batches = awaitMoreBatches(database, batches + 4, process);
        }
      }
      assertThat(batches).isBetween(8L, 159L);
      try (RunningTrainer trainer =
          RunningTrainer.start(database, home, url, "segment-batches=3")) {
        TrainingJob job = Jobs.awaitEnd(trainer, killed);
        assertThat(job.failure()).isNull();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        String undisturbed = Jobs.submit(trainer, request);
        TrainingJob other = Jobs.awaitEnd(trainer, undisturbed);
        assertThat(losses(job)).hasSize(40).isEqualTo(losses(other));
        assertThat(Jobs.stepSeries(trainer, killed))
            .hasSize(80)
            .usingRecursiveFieldByFieldElementComparatorIgnoringFields("imagesPerSecond")
            .containsExactlyElementsOf(Jobs.stepSeries(trainer, undisturbed));
        assertThat(registry.versions())
            .extracting(ModelVersion::sourceJobId)
            .containsExactly(killed, undisturbed);
        Map<String, float[]> expected = weights(registry, 1);
        Map<String, float[]> actual = weights(registry, 0);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        assertThat(expected.keySet())
            .allSatisfy(
                name -> assertThat(actual.get(name)).as(name).containsExactly(expected.get(name)));
      }
    }
  }

  @Test
  void aJobThatStartsFromAVersionEndsWithTheSameWeightsThoughItsTrainerIsKilled() throws Exception {
    String request =
        """
        {"name": "longer",
         "dataSet": {"kind": "digits", "trainImages": 64, "testImages": 40},
         "network": {"timeSteps": 4},
         "training": {"epochs": 40, "batchSize": 16},
         "start": {"model": "tiny"}}
        """;
    try (TestDatabase database = TestDatabase.create("trainer");
        RegistryFixture registry = new RegistryFixture()) {
      String url = "registry-url=" + registry.url();
      String killed;
      try (RunningTrainer trainer = RunningTrainer.start(database, home, url)) {
        Jobs.awaitEnd(trainer, Jobs.submit(trainer, Jobs.tiny(2, 0.1)));
      }
      try (RunningTrainer api = RunningTrainer.start(database, home, url, "workers=0")) {
        killed = Jobs.submit(api, request);
      }
      try (TrainerProcess process = process(database, url)) {
        assertThat(awaitMoreBatches(database, 12, process)).isLessThan(160);
      }
      try (RunningTrainer trainer =
          RunningTrainer.start(database, home, url, "segment-batches=3")) {
        TrainingJob job = Jobs.awaitEnd(trainer, killed);
        assertThat(job.failure()).isNull();
        TrainingJob other = Jobs.awaitEnd(trainer, Jobs.submit(trainer, pinned(request)));
        assertThat(other.failure()).isNull();
        assertThat(losses(job)).hasSize(40).isEqualTo(losses(other));
        Map<String, float[]> expected = weights(registry, 2);
        Map<String, float[]> actual = weights(registry, 1);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        assertThat(expected.keySet())
            .allSatisfy(
                name -> assertThat(actual.get(name)).as(name).containsExactly(expected.get(name)));
      }
    }
  }

  private static String pinned(String request) {
    return request.replace("{\"model\": \"tiny\"}", "{\"model\": \"tiny\", \"version\": 1}");
  }

  private static List<Double> losses(TrainingJob job) {
    return job.curve().stream().map(EpochMetrics::trainLoss).toList();
  }

  /** Weights, running statistics and momentum of a registered version. */
  private Map<String, float[]> weights(RegistryFixture registry, int version) throws IOException {
    Path file = home.resolve("version-" + version + ".safetensors");
    Files.write(
        file,
        registry.content(registry.versions().get(version), RegisterVersionRequest.CHECKPOINT_FILE));
    SafetensorsFile checkpoint = Safetensors.read(file);
    Map<String, float[]> weights = new TreeMap<>();
    checkpoint
        .tensors()
        .forEach((name, tensor) -> weights.put(name, checkpoint.floats(name).values()));
    return weights;
  }

  private TrainerProcess process(TestDatabase database, String url) throws IOException {
    return TrainerProcess.start(database, home, List.of(), url, "segment-batches=3");
  }

  private static long awaitMoreBatches(TestDatabase database, long wanted, TrainerProcess process)
      throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password());
        Statement statement = connection.createStatement()) {
      long come =
          Awaitility.await("mini-batch " + wanted)
              .atMost(PATIENCE)
              .pollInterval(LOOK)
              .until(() -> batches(statement), done -> done >= wanted || !process.isAlive());
      assertThat(come).isGreaterThanOrEqualTo(wanted);
      return come;
    }
  }

  private static long batches(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "select coalesce((checkpoint ->> 'batches')::bigint, 0) from training_jobs"
                + " order by created_at desc limit 1")) {
      row.next();
      return row.getLong(1);
    }
  }
}
