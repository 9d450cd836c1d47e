package spikemlp.benchmark.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Times, one a round, in milliseconds.
 *
 * @param milliseconds of each round
 */
public record Rounds(List<Double> milliseconds) {

  public Rounds {
    milliseconds = List.copyOf(milliseconds);
  }

  public double median() {
    return median(milliseconds);
  }

  /** The median of the rounds' ratios, of these over the others' rounds of the same turn. */
  public double medianOver(Rounds others) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < milliseconds.size(); i++) {
      ratios.add(milliseconds.get(i) / others.milliseconds.get(i));
    }
    return median(ratios);
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
