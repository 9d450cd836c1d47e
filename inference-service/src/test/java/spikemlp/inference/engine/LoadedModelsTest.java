package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.inference.fixture.TinyModel;

@Timeout(60)
class LoadedModelsTest {

  private static final float[] IMAGE = new float[3 * 8 * 8];
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @TempDir Path directory;

  private static LoadedModels models(int bound, Clock clock) {
    return new LoadedModels(
        bound,
        new Places(2, 6, Duration.ofHours(1)),
        new Batching.Limits(4, Duration.ofMillis(1)),
        clock);
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(30));
  }

  private static ServedVersion version(int number) {
    return new ServedVersion("tiny", number, WeightPrecision.FP32, Integer.toString(number));
  }

  private Supplier<Path> file(int number) {
    return () -> {
      try {
        byte[] bytes = TinyModel.of(TinyModel.NETWORK, number).bytes();
        return Files.write(directory.resolve(number + ".onnx"), bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  @Test
  void aVersionThatIsEvictedInUseIsClosedAfterItsLastUser() {
    try (LoadedModels models = models(1, CLOCK)) {
      Lease first = models.lease(version(1), file(1), soon());
      Lease again = models.lease(version(1), file(1), soon());
      models.lease(version(2), file(2), soon()).close();
      assertThat(models.loaded())
          .extracting(LoadedModels.Loaded::version)
          .containsExactly(version(2));
      assertThat(models.openSessions()).isEqualTo(2);
      first.close();
      first.close();
      assertThat(again.infer(IMAGE, 1, soon()).logits()).hasDimensions(1, 4);
      again.close();
      assertThat(models.openSessions()).isEqualTo(1);
      assertThatThrownBy(() -> again.infer(IMAGE, 1, soon()))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void theVersionUnusedLongestGoesFirst() {
    try (LoadedModels models = models(2, CLOCK)) {
      for (int number : List.of(1, 2, 1, 3)) {
        models.lease(version(number), file(number), soon()).close();
      }
      assertThat(models.loaded())
          .extracting(LoadedModels.Loaded::version)
          .containsExactly(version(1), version(3));
    }
  }

  @Test
  void aVersionIsLoadedOnceHoweverManyAsk() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch asked = new CountDownLatch(1);
    Supplier<Path> slow =
        () -> {
          loads.incrementAndGet();
          await(asked);
          return file(1).get();
        };
    try (LoadedModels models = models(1, CLOCK);
        ExecutorService callers = Executors.newFixedThreadPool(8)) {
      List<Future<Outputs>> answers =
          IntStream.range(0, 8)
              .mapToObj(i ->
                  callers.submit(() -> {
                    try (Lease lease = models.lease(version(1), slow, soon())) {
                      return lease.infer(IMAGE, 1, soon());
                    }
                  }))
              .toList();
      asked.countDown();
      for (Future<Outputs> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS).logits()).hasDimensions(1, 4);
      }
      assertThat(loads).hasValue(1);
    }
  }

  @Test
  void aLoadPastTheDeadlineGoesOnForThoseWhoComeLater() {
    CountDownLatch go = new CountDownLatch(1);
    Supplier<Path> slow =
        () -> {
          await(go);
          return file(1).get();
        };
    try (LoadedModels models = models(1, CLOCK)) {
      assertThatThrownBy(() -> models.lease(version(1), slow, Deadline.in(Duration.ZERO)))
          .isInstanceOf(DeadlineExceededException.class)
          .hasMessageContaining("while model tiny:1 was loaded");
      go.countDown();
      models.lease(version(1), file(99), soon()).close();
      assertThat(models.openSessions()).isEqualTo(1);
    }
  }

  @Test
  void aFailedLoadIsRememberedForAMomentAndLeavesTheOthers() {
    AtomicInteger loads = new AtomicInteger();
    Supplier<Path> broken =
        () -> {
          loads.incrementAndGet();
          throw new IllegalStateException("no file");
        };
    MovingClock clock = new MovingClock();
    try (LoadedModels models = models(2, clock)) {
      models.lease(version(1), file(1), soon()).close();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> models.lease(version(2), broken, soon())).hasMessage("no file");
      }
      assertThat(loads).hasValue(1);
      assertThat(models.ready(version(1))).isTrue();
      clock.now = clock.now.plus(LoadFailures.RETRY_AFTER);
      models.lease(version(2), file(2), soon()).close();
      assertThat(models.ready(version(2))).isTrue();
    }
  }

  @Test
  void aVersionHasOnlySoManyPlacesAndOthersKeepTheirs() {
    try (LoadedModels models = models(2, CLOCK)) {
      List<Lease> held = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        held.add(models.lease(version(1), file(1), soon()));
      }
      assertThat(models.inHand()).isEqualTo(8);
      assertThatThrownBy(() -> models.lease(version(1), file(1), soon()))
          .isInstanceOf(OverloadedException.class)
          .hasMessageContaining("at most 8 requests wait for or compute on model tiny:1");
      assertThatThrownBy(() -> models.refuseIfFull(version(1)))
          .isInstanceOf(OverloadedException.class);
      models.lease(version(2), file(2), soon()).close();
      held.removeFirst().close();
      models.refuseIfFull(version(1));
      models.lease(version(1), file(1), soon()).close();
      held.forEach(Lease::close);
      assertThat(models.inHand()).isZero();
    }
  }

  @Test
  void placesFollowWhatRunsTakeNow() {
    try (LoadedModels models = models(1, CLOCK);
        Lease lease = models.lease(version(1), file(1), soon())) {
      assertThat(models.room(version(1))).isEqualTo(new LoadedModels.Room(8, false));
      for (int run = 0; run < Pace.RUNS; run++) {
        lease.model().ran(1, Duration.ofMinutes(28).toNanos());
      }
      assertThat(models.room(version(1))).isEqualTo(new LoadedModels.Room(3, false));
      for (int run = 0; run < Pace.RUNS; run++) {
        lease.model().ran(1, Duration.ofHours(1).toNanos());
      }
      assertThat(models.room(version(1))).isEqualTo(new LoadedModels.Room(2, false));
      for (int run = 0; run < Pace.RUNS; run++) {
        lease.model().ran(1, Duration.ofMillis(1).toNanos());
      }
      assertThat(models.room(version(1))).isEqualTo(new LoadedModels.Room(8, false));
    }
  }

  @Test
  void whatIsNotInMemoryIsListedWithTheReason() {
    CountDownLatch go = new CountDownLatch(1);
    try (LoadedModels models = models(3, CLOCK)) {
      models.preload(
          version(1),
          () -> {
            await(go);
            return file(1).get();
          });
      assertThat(models.unloaded())
          .containsExactly(new LoadedModels.Unloaded(version(1), Optional.empty()));
      assertThatThrownBy(() ->
              models.lease(
                  version(2),
                  () -> {
                    throw new IllegalStateException("no file");
                  },
                  soon()))
          .hasMessage("no file");
      assertThat(models.unloaded())
          .contains(new LoadedModels.Unloaded(version(2), Optional.of("no file")));
      go.countDown();
      models.lease(version(1), file(1), soon()).close();
      assertThat(models.unloaded())
          .extracting(LoadedModels.Unloaded::version)
          .containsExactly(version(2));
    }
  }

  @Test
  void closingLeavesNoSessionOpen() {
    LoadedModels models = models(2, CLOCK);
    models.lease(version(1), file(1), soon()).close();
    Lease inUse = models.lease(version(2), file(2), soon());
    models.close();
    assertThat(models.openSessions()).isEqualTo(1);
    inUse.close();
    assertThat(models.openSessions()).isZero();
    assertThatThrownBy(() -> models.lease(version(3), file(3), soon()))
        .hasMessage("the engine is closed");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class MovingClock extends Clock {
    private volatile Instant now = Instant.EPOCH;

    @Override
    public ZoneOffset getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
