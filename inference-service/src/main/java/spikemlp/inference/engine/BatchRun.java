package spikemlp.inference.engine;

import java.util.concurrent.atomic.AtomicInteger;

/** A run under way and how many still want it; when the last one leaves, it is stopped. */
final class BatchRun {

  /** Of a job that has not begun. */
  static final BatchRun NONE = new BatchRun(0, () -> {});

  private final AtomicInteger wanted;
  private final Runnable stop;

  BatchRun(int jobs, Runnable stop) {
    this.wanted = new AtomicInteger(jobs);
    this.stop = stop;
  }

  void leave() {
    if (wanted.decrementAndGet() == 0) {
      stop.run();
    }
  }
}
