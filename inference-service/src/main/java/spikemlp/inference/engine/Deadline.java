package spikemlp.inference.engine;

import java.time.Duration;

/**
 * The instant by which a request wants its answer, on the monotonic clock.
 *
 * @param allowed the time it had from the start
 * @param at {@link System#nanoTime()} at which it ends
 */
public record Deadline(Duration allowed, long at) {

  /** The deadline {@code allowed} from now. */
  public static Deadline in(Duration allowed) {
    return new Deadline(allowed, System.nanoTime() + allowed.toNanos());
  }

  /** Nanoseconds left, not negative. */
  long nanosLeft() {
    return Math.max(0, at - System.nanoTime());
  }

  DeadlineExceededException exceeded(String during) {
    return new DeadlineExceededException(allowed, during);
  }
}
