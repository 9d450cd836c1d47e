package spikemlp.inference.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets one caller a core compute, first come first served, and a bounded number wait. More callers
 * than cores only make each other slower: measured, 2 threads × 2 callers on 2 cores answer a
 * quarter of what 1 × 2 do.
 *
 * <p>Thread-safe.
 */
public final class ComputeGate {

  private final int computing;
  private final int waiting;
  private final Semaphore places;
  private final Semaphore turns;

  /**
   * A gate with every place free.
   *
   * @param computing callers that may compute at once, at least 1
   * @param waiting callers that may wait for a turn, at least 0
   */
  public ComputeGate(int computing, int waiting) {
    if (computing < 1 || waiting < 0) {
      throw new IllegalArgumentException(
          "at least 1 caller computes and 0 wait, not " + computing + " and " + waiting);
    }
    this.computing = computing;
    this.waiting = waiting;
    this.places = new Semaphore(computing + waiting, true);
    this.turns = new Semaphore(computing, true);
  }

  /**
   * Takes a place among those who wait or compute.
   *
   * @throws OverloadedException at once, if there is none
   */
  public Held admit() {
    if (!places.tryAcquire()) {
      throw new OverloadedException(computing, waiting);
    }
    return once(places);
  }

  /**
   * Waits for the turn to compute; to be called by who was admitted.
   *
   * @throws DeadlineExceededException if it did not come in time
   */
  public Held turn(Deadline deadline) {
    try {
      if (!turns.tryAcquire(deadline.nanosLeft(), TimeUnit.NANOSECONDS)) {
        throw deadline.exceeded("while it waited for its turn");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw deadline.exceeded("because its thread was stopped");
    }
    return once(turns);
  }

  /** Callers that hold a place: waiting, loading or computing. */
  public int inHand() {
    return computing + waiting - places.availablePermits();
  }

  private static Held once(Semaphore semaphore) {
    AtomicBoolean held = new AtomicBoolean(true);
    return () -> {
      if (held.getAndSet(false)) {
        semaphore.release();
      }
    };
  }
}
