package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.inference.fixture.TinyModel;

@Timeout(60)
class RunQueueTest {

  private static final ServedVersion VERSION =
      new ServedVersion("tiny", 1, WeightPrecision.FP32, "1");

  /** Longer than a test may take: who waits for companions in vain does not end. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  @TempDir Path directory;
  private final LoadedModels models =
      new LoadedModels(
          1, new Places(1, 8, PATIENCE), new Batching.Limits(8, PATIENCE), Clock.systemUTC());
  private final RunQueue queue = new RunQueue(1);
  private final List<Job> jobs = new ArrayList<>();
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.write(directory.resolve("tiny.onnx"), TinyModel.of(TinyModel.NETWORK, 5).bytes());
  }

  @AfterEach
  void close() {
    jobs.forEach(Job::dropped);
    models.close();
    assertThat(models.openSessions()).isZero();
  }

  private static Deadline soon() {
    return Deadline.in(PATIENCE);
  }

  private Lease lease() {
    return models.lease(VERSION, () -> file, soon());
  }

  private Job job(Lease lease) {
    Job job = new Job(lease, FloatBuffer.allocate(lease.imageSize()), 1, soon());
    jobs.add(job);
    return job;
  }

  private Job arrived(Lease lease) {
    lease.queued();
    Job job = job(lease);
    queue.add(List.of(job));
    return job;
  }

  @Test
  void aPartAloneDoesNotWaitForCompanions() throws Exception {
    try (Lease lease = lease()) {
      assertThat(lease.batching().maxBatch()).as("a tiny network is batched").isGreaterThan(1);
      Job alone = arrived(lease);
      assertThat(queue.next()).containsExactly(alone);
    }
  }

  @Test
  void aRunTakesWhatIsOnItsWay() throws Exception {
    try (Lease first = lease();
        Lease second = lease();
        ExecutorService worker = Executors.newSingleThreadExecutor()) {
      Job there = arrived(first);
      Future<List<Job>> run = worker.submit(queue::next);
      assertThatThrownBy(() -> run.get(200, TimeUnit.MILLISECONDS))
          .as("the second request is on its way")
          .isInstanceOf(TimeoutException.class);
      Job later = arrived(second);
      assertThat(run.get()).containsExactly(there, later);
    }
  }

  @Test
  void aPartBeginsAtOnceWhereNoneRunsAndNoneWaits() throws Exception {
    try (Lease lease = lease()) {
      lease.queued();
      Job job = job(lease);
      assertThat(queue.beginsAtOnce(job)).isTrue();
      assertThat(queue.beginsAtOnce(job)).as("the only run is taken").isFalse();
      queue.ended();
      Job waits = arrived(lease);
      assertThat(queue.beginsAtOnce(job)).as("another was there before").isFalse();
      assertThat(queue.next()).containsExactly(waits);
      queue.ended();
      assertThat(queue.beginsAtOnce(job)).isTrue();
    }
  }

  @Test
  void aPartWithCompanionsOnTheirWayDoesNotBeginAtOnce() {
    try (Lease lease = lease();
        Lease arriving = lease()) {
      lease.queued();
      assertThat(queue.beginsAtOnce(job(lease))).isFalse();
      arriving.queued();
      assertThat(queue.beginsAtOnce(job(lease))).isTrue();
    }
  }

  @Test
  void aClosedQueueGivesBackWhatWaitedAndTakesNothingMore() {
    try (Lease lease = lease()) {
      Job waits = arrived(lease);
      assertThat(queue.close()).containsExactly(waits);
      assertThat(queue.size()).isZero();
      assertThat(queue.beginsAtOnce(job(lease))).isFalse();
      assertThatThrownBy(() -> arrived(lease))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("closed");
    }
  }
}
