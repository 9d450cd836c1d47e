package spikemlp.inference.http;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A rest of the thread that reads requests, taken by whoever refuses one: while some are refused
 * they are read several at once, since each time that this thread wakes it takes a core, and what
 * is in its caches, from those that compute. All other requests are read that much later.
 */
public final class ReadingRest {

  private static final Duration REST = Duration.ofMillis(5);

  /**
   * What came meanwhile is handled one by one without a wait, each in less than this; a refusal
   * later than that is the first after the thread woke again.
   */
  private static final Duration TOGETHER = Duration.ofNanos(500_000);

  /** Written by the threads that read requests, of which any may be the one that reads now. */
  private volatile long last = System.nanoTime();

  /** A rest that has not been taken. */
  public ReadingRest() {}

  /** Rests, unless the thread did just now. To be called by the thread that reads requests. */
  public void take() {
    if (System.nanoTime() - last > TOGETHER.toNanos()) {
      LockSupport.parkNanos(REST.toNanos());
      last = System.nanoTime();
    }
  }
}
