package spikemlp.inference.serve;

import java.util.concurrent.atomic.AtomicLong;
import spikemlp.inference.engine.OverloadedException;

/** The memory that requests in hand may hold together. Thread-safe. */
final class RequestMemory {

  private final long bound;
  private final AtomicLong taken = new AtomicLong();

  RequestMemory(long bound) {
    this.bound = bound;
  }

  /**
   * Takes some of it.
   *
   * @throws OverloadedException if less is left; nothing is taken then
   */
  void take(long bytes) {
    if (taken.addAndGet(bytes) > bound) {
      taken.addAndGet(-bytes);
      throw new OverloadedException(
          "the memory for requests is taken: those in hand hold nearly all of its "
              + bound
              + " bytes; try again later");
    }
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }

  long taken() {
    return taken.get();
  }
}
