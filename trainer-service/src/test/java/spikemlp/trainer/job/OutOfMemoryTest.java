package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.TrainerProcess;
import spikemlp.trainer.registration.RegistryFixture;

/** A trainer whose native memory is bounded below what a job needs. */
class OutOfMemoryTest {

  private static final String LARGE =
      """
      {"name": "large",
       "dataSet": {"kind": "digits", "trainImages": 256, "testImages": 40},
       "network": {"patchSize": 2, "embeddingDim": 96, "depths": [2, 2], "timeSteps": 4},
       "training": {"epochs": 1, "batchSize": 128}}
      """;

  @TempDir Path home;

  @Test
  void aJobThatTheMemoryDoesNotHoldFailsAloneAndSaysWhatWouldNeedLess() throws Exception {
    try (TestDatabase database = TestDatabase.create("trainer");
        RegistryFixture registry = new RegistryFixture();
        RunningTrainer api =
            RunningTrainer.start(database, home, "registry-url=" + registry.url(), "workers=0");
        TrainerProcess trainer =
            TrainerProcess.start(
                database,
                home,
                List.of(),
                "registry-url=" + registry.url(),
                "max-native-memory=200MB")) {
      String large = Jobs.submit(api, LARGE);
      String small = Jobs.submit(api, Jobs.tiny(2, 0.1));
      TrainingJob failed = Jobs.awaitEnd(api, large);
      assertThat(failed.state()).isEqualTo(JobState.FAILED);
      assertThat(failed.failure()).contains("memory ran out", "batchSize 128", "lower");
      assertThat(Jobs.awaitEnd(api, small).state()).isEqualTo(JobState.COMPLETED);
      assertThat(trainer.isAlive()).isTrue();
    }
  }
}
