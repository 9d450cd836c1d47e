package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.registration.RegistryFixture;

class ShutdownTest {

  @TempDir Path home;

  @Test
  void aTrainerThatShutsDownGivesItsJobBackAndTheNextOneGoesOnAtOnce() throws Exception {
    try (TestDatabase database = TestDatabase.create("trainer");
        RegistryFixture registry = new RegistryFixture()) {
      String url = "registry-url=" + registry.url();
      String id;
      try (RunningTrainer first = RunningTrainer.start(database, home, url)) {
        id = Jobs.submit(first, Jobs.tiny(60, 0.1));
        Jobs.await(first, id, job -> job.curve().size() >= 2);
      }
      try (RunningTrainer api = RunningTrainer.start(database, home, url, "workers=0")) {
        TrainingJob job = api.get(Jobs.PATH + "/" + id).job();
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.curve().size()).isBetween(2, 59);
      }
      try (RunningTrainer second = RunningTrainer.start(database, home, url)) {
        TrainingJob job = Jobs.awaitEnd(second, id);
        assertThat(job.failure()).isNull();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.curve()).hasSize(60);
      }
    }
  }
}
