package spikemlp.training;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import spikemlp.kernel.Workers;

/**
 * Prepares mini-batches ahead of the one that trains, in order, on threads of its own: one batch
 * starts when one is taken, so that training waits only where preparing all of them on every core
 * would take longer than training does. How many threads there are never changes a batch.
 *
 * <p>Used by one thread; close it.
 */
final class BatchPipeline implements AutoCloseable {

  /** Evens out batches of unequal cost; more than that only holds memory. */
  private static final int MOST_AHEAD = 4;

  private static final long AHEAD_BYTES = 64L << 20;

  private final Batches batches;
  private final int ahead;
  private final Queue<Prepared> prepared = new ArrayDeque<>();
  private final ExecutorService preparers;
  private long next; // the first that is not in the queue

  private record Prepared(long number, CompletableFuture<Batches.Batch> batch) {}

  BatchPipeline(Batches batches) {
    this(batches, Workers.ALL.threads());
  }

  BatchPipeline(Batches batches, int threads) {
    this.batches = batches;
    this.ahead = (int) Math.clamp(AHEAD_BYTES / batches.bytes(), 1, MOST_AHEAD);
    this.preparers =
        Executors.newFixedThreadPool(
            Math.min(threads, ahead),
            Thread.ofPlatform().daemon().name("spikemlp-batches-", 0).factory());
  }

  /** How many batches are prepared, or being prepared, beyond the one taken. */
  int ahead() {
    return ahead;
  }

  /** Batch {@code number}; has those after it prepared. Quick where numbers follow each other. */
  Batches.Batch take(long number) {
    Prepared first = prepared.peek();
    if (first == null || first.number() != number) {
      prepared.clear();
      next = number;
    }
    fill(number);
    return prepared.remove().batch().join();
  }

  private void fill(long number) {
    long end = Math.min(number + ahead + 1, batches.inAll());
    for (; next < end; next++) {
      long wanted = next;
      prepared.add(
          new Prepared(wanted, CompletableFuture.supplyAsync(() -> batches.at(wanted), preparers)));
    }
  }

  /** Stops preparing; a batch that has begun is finished and dropped. */
  @Override
  public void close() {
    preparers.shutdownNow();
    prepared.clear();
  }
}
