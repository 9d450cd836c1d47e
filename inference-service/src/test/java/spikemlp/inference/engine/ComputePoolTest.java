package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.inference.fixture.TinyModel;

@Timeout(120)
class ComputePoolTest {

  private static final int SIZE = 3 * 8 * 8;
  private static final int IMAGES = 2_000;
  private static final ServedVersion VERSION =
      new ServedVersion("tiny", 1, WeightPrecision.FP32, "1");

  @TempDir Path directory;
  private final LoadedModels models =
      new LoadedModels(
          2,
          new Places(2, 62, Duration.ofHours(1)),
          new Batching.Limits(8, Duration.ofMillis(2)),
          Clock.systemUTC());
  private final ComputePool pool = new ComputePool(2);
  private Path file = Path.of("");

  @BeforeEach
  void write() throws IOException {
    file = Files.write(directory.resolve("tiny.onnx"), TinyModel.of(TinyModel.NETWORK, 5).bytes());
  }

  @AfterEach
  void close() {
    pool.close();
    models.close();
    assertThat(models.openSessions()).isZero();
    assertThat(models.inHand()).isZero();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(60));
  }

  private Lease lease() {
    return models.lease(VERSION, () -> file, soon());
  }

  private static FloatBuffer images(int count) {
    FloatBuffer images =
        ByteBuffer.allocateDirect(count * SIZE * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    Random random = new Random(9);
    while (images.hasRemaining()) {
      images.put((float) random.nextGaussian());
    }
    return images.flip();
  }

  @Test
  void everySampleIsTheSameAloneAndInAnyBatchUnderConcurrency() throws Exception {
    FloatBuffer all = images(IMAGES);
    Outputs[] alone = new Outputs[IMAGES];
    try (Lease lease = lease()) {
      for (int i = 0; i < IMAGES; i++) {
        float[] image = new float[SIZE];
        all.get(i * SIZE, image);
        alone[i] = lease.infer(image, 1, soon());
      }
    }
    assertThat(alone[0].spikes()[0]).isNotEqualTo(alone[1].spikes()[0]);
    int largest = 0;
    try (ExecutorService callers = Executors.newFixedThreadPool(16)) {
      List<Future<Integer>> answers = new ArrayList<>();
      Random random = new Random(4);
      for (int from = 0; from < IMAGES; ) {
        int first = from;
        int count = Math.min(IMAGES - from, 1 + random.nextInt(20));
        answers.add(
            callers.submit(() -> {
              try (Lease lease = lease()) {
                Computed computed =
                    pool.compute(
                        lease, all.slice(first * SIZE, count * SIZE), count, soon(), Caller.STAYS);
                for (int b = 0; b < count; b++) {
                  assertThat(computed.outputs().spikes()[b])
                      .isEqualTo(alone[first + b].spikes()[0]);
                  assertThat(computed.outputs().windows()[b])
                      .isEqualTo(alone[first + b].windows()[0]);
                }
                return computed.largestBatch();
              }
            }));
        from += count;
      }
      for (Future<Integer> answer : answers) {
        largest = Math.max(largest, answer.get(100, TimeUnit.SECONDS));
      }
    }
    assertThat(largest).isPositive().isLessThanOrEqualTo(8);
    assertThat(pool.queued()).isZero();
  }

  @Test
  void aRequestOfMoreSamplesThanARunTakesIsSplit() {
    try (Lease lease = lease()) {
      int most = lease.batching().maxBatch();
      Computed computed = pool.compute(lease, images(3 * most), 3 * most, soon(), Caller.STAYS);
      assertThat(computed.executions()).isEqualTo(3);
      assertThat(computed.outputs().batch()).isEqualTo(3 * most);
      assertThat(lease.runs().bySamples()).containsOnlyKeys(most);
    }
  }

  @Test
  void pastItsDeadlineOrWithoutItsCallerARequestIsDropped() {
    try (Lease lease = lease()) {
      assertThatThrownBy(
              () -> pool.compute(lease, images(1), 1, Deadline.in(Duration.ZERO), Caller.STAYS))
          .isInstanceOf(DeadlineExceededException.class);
      Computed after = pool.compute(lease, images(1), 1, soon(), Caller.STAYS);
      assertThat(after.outputs().batch()).isEqualTo(1);
    }
  }

  @Test
  void aCallerWhoLeavesTakesHisRequestOutOfTheQueue() throws Exception {
    ComputePool stopped = new ComputePool(1);
    try (Lease lease = lease();
        ExecutorService callers = Executors.newFixedThreadPool(1)) {
      int many = 200_000; // some 25,000 runs: far longer than a caller's first look
      FloatBuffer images =
          ByteBuffer.allocateDirect(many * SIZE * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      Future<Computed> busy =
          callers.submit(() -> stopped.compute(lease, images, many, soon(), Caller.STAYS));
      while (stopped.queued() == 0) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(() -> stopped.compute(lease, images(1), 1, soon(), () -> true))
          .isInstanceOf(CallerGoneException.class);
      assertThat(busy.get(100, TimeUnit.SECONDS).outputs().batch()).isEqualTo(many);
      assertThat(stopped.queued()).isZero();
    } finally {
      stopped.close();
    }
  }

  @Test
  void refusesABatchOfAnotherSizeAndWorkAfterItsEnd() {
    try (Lease lease = lease()) {
      assertThatThrownBy(() -> pool.compute(lease, images(1), 2, soon(), Caller.STAYS))
          .hasMessageContaining("2 images have 384 values, not 192");
      pool.close();
      assertThatThrownBy(() -> pool.compute(lease, images(1), 1, soon(), Caller.STAYS))
          .hasMessageContaining("closed");
    }
  }

  @Test
  void noThreadIsRefused() {
    assertThatThrownBy(() -> new ComputePool(0)).hasMessageContaining("at least 1 thread");
  }
}
