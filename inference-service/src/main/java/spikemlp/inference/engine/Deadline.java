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
  public long nanosLeft() {
    return Math.max(0, at - System.nanoTime());
  }

  /** This one, or the one {@code allowed} from now if that is sooner. */
  public Deadline orSooner(Duration allowed) {
    Deadline other = in(allowed);
    return other.at - at < 0 ? other : this;
  }

  /** The failure to throw when it has passed {@code during} something. */
  public DeadlineExceededException exceeded(String during) {
    return new DeadlineExceededException(allowed, during);
  }
}
