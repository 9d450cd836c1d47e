package spikemlp.inference.engine;

import java.util.Arrays;

/**
 * What a sample costs a version now: the median of its last runs, so that neither a cold first run
 * nor a single pause of the machine says what the next ones will take. Thread-safe.
 */
final class Pace {

  /** How many runs are remembered. */
  static final int RUNS = 15;

  private static final double NANOS_PER_MILLI = 1e6;

  private final double[] recent = new double[RUNS];
  private int count;
  private int next;
  private volatile double imageMillis;

  /**
   * Of a version that has not run yet.
   *
   * @param measuredMillis what a sample took when it was loaded, ms; counts as a run
   */
  Pace(double measuredMillis) {
    add(measuredMillis);
  }

  /** What a sample costs, ms. */
  double imageMillis() {
    return imageMillis;
  }

  /** A run of some samples that came to its end. */
  void ran(int samples, long nanos) {
    add(nanos / NANOS_PER_MILLI / samples);
  }

  /** A run of some samples that was stopped: it would have taken longer, never less. */
  synchronized void cutOff(int samples, long nanos) {
    add(Math.max(imageMillis, nanos / NANOS_PER_MILLI / samples));
  }

  private synchronized void add(double millis) {
    recent[next] = millis;
    next = (next + 1) % RUNS;
    count = Math.min(count + 1, RUNS);
    double[] sorted = Arrays.copyOf(recent, count);
    Arrays.sort(sorted);
    imageMillis = sorted[count / 2];
  }
}
