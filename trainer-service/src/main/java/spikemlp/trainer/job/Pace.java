package spikemlp.trainer.job;

import java.util.Arrays;

/**
 * How fast training goes: the median of the last reports, which neither a cold start nor a pause
 * moves far. Mutable; one thread.
 */
final class Pace {

  /** A minute of them. */
  static final int REPORTS = 60;

  private final double[] last = new double[REPORTS];
  private int reports;

  /** Adds a report's pace, seconds a mini-batch. */
  void add(double secondsPerBatch) {
    last[reports++ % REPORTS] = secondsPerBatch;
  }

  /** Seconds a mini-batch; 0 before the first report. */
  double median() {
    double[] sorted = Arrays.copyOf(last, Math.min(reports, REPORTS));
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[sorted.length / 2];
  }
}
