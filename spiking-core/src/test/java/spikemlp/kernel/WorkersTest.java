package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {

  private static final int TASKS = 8;

  private final Workers workers = new Workers(3);

  private void everyTaskOnce(Workers of, int tasks) {
    AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
    of.forEach(tasks, runs::incrementAndGet);
    for (int i = 0; i < tasks; i++) {
      assertThat(runs.get(i)).as("task %d", i).isOne();
    }
  }

  @Test
  void everyTaskRunsOnceHoweverManyThereAre() {
    for (int threads : new int[] {1, 2, 3, 12}) {
      Workers of = new Workers(threads);
      for (int tasks : new int[] {0, 1, 2, 7, 100}) {
        everyTaskOnce(of, tasks);
      }
    }
  }

  @Test
  void everyThreadHelpsWithTheFirstRoundAndAfterAPause() throws Exception {
    for (int round = 0; round < 3; round++) {
      CountDownLatch together = new CountDownLatch(3);
      workers.forEach(
          3,
          task -> {
            together.countDown();
            try {
              assertThat(together.await(20, TimeUnit.SECONDS)).as("three at once").isTrue();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Thread.sleep(20); // the helpers are asleep by then
    }
  }

  @Test
  void roundsOfManyCallersDoNotMix() throws Exception {
    try (ExecutorService callers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int caller = 0; caller < 4; caller++) {
        all.add(
            callers.submit(() -> {
              for (int round = 0; round < 5_000; round++) {
                everyTaskOnce(workers, TASKS);
              }
            }));
      }
      for (Future<?> caller : all) {
        caller.get();
      }
    }
  }

  @Test
  void aTasksFailureIsThrownOnAfterTheOthersAreDone() {
    AtomicIntegerArray runs = new AtomicIntegerArray(TASKS);
    assertThatThrownBy(() ->
            workers.forEach(
                TASKS,
                task -> {
                  runs.incrementAndGet(task);
                  if (task == 2) {
                    throw new IllegalArgumentException("task 2");
                  }
                }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("task 2");
    for (int i = 0; i < TASKS; i++) {
      assertThat(runs.get(i)).isOne();
    }
    everyTaskOnce(workers, TASKS);
  }
}
