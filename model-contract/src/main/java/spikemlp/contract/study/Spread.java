package spikemlp.contract.study;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A number over the seeds of a cell.
 *
 * @param count seeds that have it
 * @param standardDeviation of the sample, √(Σ(x − mean)² / (count − 1)); null for a single seed
 */
public record Spread(
    int count, double mean, @Nullable Double standardDeviation, double min, double max) {

  /**
   * The spread of these values.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("a spread needs one value or more");
    }
    double mean = values.stream().mapToDouble(x -> x).sum() / values.size();
    double squares = values.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return new Spread(
        values.size(),
        mean,
        values.size() < 2 ? null : Math.sqrt(squares / (values.size() - 1)),
        values.stream().mapToDouble(x -> x).min().orElseThrow(),
        values.stream().mapToDouble(x -> x).max().orElseThrow());
  }
}
