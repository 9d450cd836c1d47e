package spikemlp.benchmark.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A worker's times, one a round, in milliseconds.
 *
 * @param milliseconds the least step of each round
 */
record Rounds(List<Double> milliseconds) {

  Rounds {
    milliseconds = List.copyOf(milliseconds);
  }

  double median() {
    return median(milliseconds);
  }

  double least() {
    return Collections.min(milliseconds);
  }

  double most() {
    return Collections.max(milliseconds);
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(List<Double> values) {
    List<Double> sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }
}
