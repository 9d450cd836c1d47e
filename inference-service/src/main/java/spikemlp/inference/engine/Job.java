package spikemlp.inference.engine;

import java.nio.FloatBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Some samples of one request, computed in one run. Mutable: {@code run} is set under the queue's
 * lock; the future carries the result to the one thread that waits.
 */
final class Job {

  private final Lease lease;
  private final FloatBuffer images;
  private final int samples;
  private final Deadline deadline;
  private final Held session;
  private final long queuedAt = System.nanoTime();
  private final CompletableFuture<Part> result = new CompletableFuture<>();
  private volatile BatchRun run = BatchRun.NONE;

  /**
   * What a run gave a job.
   *
   * @param outputs the job's own samples
   * @param queueNanos from the queue's entry to the run's start
   * @param computeNanos the run
   * @param batch samples of the run
   */
  record Part(Outputs outputs, long queueNanos, long computeNanos, int batch) {}

  Job(Lease lease, FloatBuffer images, int samples, Deadline deadline) {
    this.lease = lease;
    this.images = images;
    this.samples = samples;
    this.deadline = deadline;
    this.session = lease.share();
  }

  Lease lease() {
    return lease;
  }

  OnnxModel model() {
    return lease.model();
  }

  FloatBuffer images() {
    return images.duplicate();
  }

  int samples() {
    return samples;
  }

  Deadline deadline() {
    return deadline;
  }

  long queuedAt() {
    return queuedAt;
  }

  BatchRun run() {
    return run;
  }

  void joins(BatchRun other) {
    run = other;
  }

  void done(Part part) {
    session.close();
    result.complete(part);
  }

  void failed(RuntimeException cause) {
    session.close();
    result.completeExceptionally(cause);
  }

  /** Nobody waits for it any more. */
  void dropped() {
    session.close();
    result.cancel(false);
  }

  /**
   * Waits for the result.
   *
   * @throws DeadlineExceededException if it is not there in time
   * @throws CallerGoneException if the caller went away
   * @throws RuntimeException what the run failed with
   */
  Part await(Caller caller) {
    return deadline.await(
        result,
        caller,
        () -> run == BatchRun.NONE ? "while it waited for its turn" : "while it was computed");
  }
}
