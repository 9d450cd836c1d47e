package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.StepMetrics;
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
      String segments = "segment-batches=3";
      String id;
      try (RunningTrainer first = RunningTrainer.start(database, home, url, segments)) {
        id = Jobs.submit(first, Jobs.tiny(60, 0.1));
        Jobs.await(first, id, job -> job.curve().size() >= 2);
      }
      try (RunningTrainer api = RunningTrainer.start(database, home, url, "workers=0")) {
        TrainingJob job = api.get(Jobs.PATH + "/" + id).job();
        assertThat(job.state()).isEqualTo(JobState.QUEUED);
        assertThat(job.curve().size()).isBetween(2, 59);
      }
      try (RunningTrainer second = RunningTrainer.start(database, home, url, segments)) {
        TrainingJob job = Jobs.awaitEnd(second, id);
        assertThat(job.failure()).isNull();
        assertThat(job.state()).isEqualTo(JobState.COMPLETED);
        assertThat(job.curve()).hasSize(60);
        assertThat(Jobs.stepSeries(second, id))
            .extracting(StepMetrics::step)
            .containsExactlyElementsOf(
                LongStream.rangeClosed(1, 240)
                    .filter(step -> step % 4 == 3 || step % 4 == 0) // segments of 3 and 1
                    .boxed()
                    .toList());
        assertThat(second.get(Jobs.PATH + "/" + id + "/logs?limit=1000").body().get("items"))
            .extracting(line -> line.get("message").asString())
            .contains("job goes back to the queue", "step train begins", "job ends COMPLETED");
      }
    }
  }
}
