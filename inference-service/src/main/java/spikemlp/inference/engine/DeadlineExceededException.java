package spikemlp.inference.engine;

import java.time.Duration;

/** A request's time ran out before its answer was there. */
public final class DeadlineExceededException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DeadlineExceededException(Duration allowed, String during) {
    super("no answer within " + allowed.toMillis() + " ms: the time ran out " + during);
  }
}
