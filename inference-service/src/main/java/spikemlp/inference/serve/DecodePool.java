package spikemlp.inference.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import spikemlp.inference.engine.Caller;
import spikemlp.inference.engine.Deadline;

/**
 * Decodes pictures, on threads that do nothing else: a request that waits for its picture holds no
 * thread that computes. What waits is bounded by the versions' places.
 */
final class DecodePool implements AutoCloseable {

  private final ExecutorService threads;

  DecodePool(int threads) {
    this.threads =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("decode-", 0).factory());
  }

  /**
   * Does all of it and waits; the first failure ends it.
   *
   * @throws spikemlp.inference.engine.DeadlineExceededException if it is not done in time
   * @throws spikemlp.inference.engine.CallerGoneException if the caller went away
   * @throws RuntimeException what a task failed with
   */
  <T> List<T> all(List<? extends Callable<T>> tasks, Deadline deadline, Caller caller) {
    List<Future<T>> running = new ArrayList<>();
    try {
      tasks.forEach(task -> running.add(threads.submit(task)));
      List<T> results = new ArrayList<>();
      for (Future<T> one : running) {
        results.add(deadline.await(one, caller, () -> "while its pictures were decoded"));
      }
      return results;
    } finally {
      running.forEach(one -> one.cancel(false));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
