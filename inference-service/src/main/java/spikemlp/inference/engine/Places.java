package spikemlp.inference.engine;

import java.time.Duration;

/**
 * How many requests of a version may be in hand at once: so many that the last of them is answered
 * in time, and no more than the bound.
 *
 * @param computing requests that compute at once, at least 1
 * @param waiting requests that may wait beside them, at most
 * @param deadline within which a request wants its answer
 */
public record Places(int computing, int waiting, Duration deadline) {

  /** The part of the deadline that may be spent by what a sample costs now. */
  private static final double SHARE = 0.7;

  private static final double NANOS_PER_MILLI = 1e6;

  public Places {
    if (computing < 1 || waiting < 0 || !deadline.isPositive()) {
      throw new IllegalArgumentException(
          "at least 1 request computes, 0 or more wait, and the deadline is positive, not "
              + computing
              + ", "
              + waiting
              + " and "
              + deadline);
    }
  }

  /** The bound, and what a version has that was not measured yet. */
  int most() {
    return computing + waiting;
  }

  /**
   * Of a version.
   *
   * @param imageMillis what a sample costs it now, ms
   */
  int of(double imageMillis) {
    double inTime = SHARE * deadline.toNanos() / NANOS_PER_MILLI / imageMillis * computing;
    return (int) Math.clamp(inTime, computing, most());
  }
}
