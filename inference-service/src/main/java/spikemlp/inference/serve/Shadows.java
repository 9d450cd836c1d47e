package spikemlp.inference.serve;

import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.engine.Caller;
import spikemlp.inference.engine.ComputePool;
import spikemlp.inference.engine.Computed;
import spikemlp.inference.engine.Deadline;
import spikemlp.inference.engine.Outputs;
import spikemlp.inference.engine.OverloadedException;
import spikemlp.inference.model.ServedModels;
import spikemlp.inference.model.Serving;

/**
 * Lets a second version compute what the first has answered, and counts whether both name the same
 * classes. One request at a time, and few wait: a shadow that is slower than its primary sees a
 * part of the requests, and the requests notice nothing. Thread-safe.
 */
final class Shadows implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Shadows.class);
  private static final int WAITING = 8;

  private final ServedModels models;
  private final ComputePool pool;
  private final InferenceMetrics metrics;
  private final Duration deadline;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING),
          Thread.ofPlatform().daemon().name("shadow").factory());

  /** How a request's comparison ended. */
  enum Outcome {
    AGREED,
    DIFFERED,
    FAILED,
    DROPPED,
    NOT_READY,
    OTHER_INPUT
  }

  Shadows(ServedModels models, ComputePool pool, InferenceMetrics metrics, Duration deadline) {
    this.models = models;
    this.pool = pool;
    this.metrics = metrics;
    this.deadline = deadline;
  }

  /**
   * Mirrors a request if its reference has a shadow; returns at once.
   *
   * @param card of the version that answered
   * @param images what it was given
   * @param primary what it answered
   */
  void mirror(
      ModelReference reference, ModelCard card, FloatBuffer images, int samples, Outputs primary) {
    models
        .shadowOf(reference)
        .ifPresent(shadow -> {
          try {
            thread.execute(
                () -> metrics.shadowed(shadow, compared(shadow, card, images, samples, primary)));
          } catch (RejectedExecutionException e) {
            metrics.shadowed(shadow, Outcome.DROPPED);
          }
        });
  }

  private Outcome compared(
      ModelReference shadow, ModelCard card, FloatBuffer images, int samples, Outputs primary) {
    try {
      return models
          .shadow(shadow)
          .map(serving -> compared(serving, card, images, samples, primary))
          .orElse(Outcome.NOT_READY);
    } catch (OverloadedException e) {
      return Outcome.DROPPED;
    } catch (RuntimeException e) {
      log.warn("{} as shadow failed: {}", shadow, e.getMessage());
      return Outcome.FAILED;
    }
  }

  private Outcome compared(
      Serving serving, ModelCard card, FloatBuffer images, int samples, Outputs primary) {
    try (serving) {
      ModelCard own = serving.lease().card();
      if (!own.input().equals(card.input()) || !own.labels().equals(card.labels())) {
        return Outcome.OTHER_INPUT;
      }
      long began = System.nanoTime();
      Computed computed =
          pool.compute(
              serving.lease(), images.duplicate(), samples, Deadline.in(deadline), Caller.STAYS);
      metrics
          .statistics(serving.lease())
          .answered(serving.route(), computed, computed.queueNanos(), System.nanoTime() - began);
      return Arrays.equals(classes(primary), classes(computed.outputs()))
          ? Outcome.AGREED
          : Outcome.DIFFERED;
    }
  }

  private static int[] classes(Outputs outputs) {
    return Arrays.stream(outputs.logits()).mapToInt(Shadows::largest).toArray();
  }

  private static int largest(float[] logits) {
    int largest = 0;
    for (int k = 1; k < logits.length; k++) {
      largest = logits[k] > logits[largest] ? k : largest;
    }
    return largest;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
