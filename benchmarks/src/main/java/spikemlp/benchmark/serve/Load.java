package spikemlp.benchmark.serve;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Arrays;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a load met.
 *
 * @param offered requests a second that were due; 0 where each client sends when it was answered
 * @param seconds from the first due to the last answered
 * @param clientCores cores that sending and reading kept busy, which the service did not have
 * @param answered with status 200
 * @param refused with 503
 * @param failed with anything else, or not at all
 * @param latency of the answered, from when each was due: a request that could not be sent in time
 *     because the ones before it were slow has waited too
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Load(
    double offered,
    double seconds,
    double clientCores,
    long answered,
    long refused,
    long failed,
    Latency latency) {

  /** Quantiles, ms. */
  record Latency(double p50, double p90, double p99, double max) {

    static Latency of(long[] nanos) {
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      return new Latency(at(sorted, 0.5), at(sorted, 0.9), at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(long[] sorted, double quantile) {
      if (sorted.length == 0) {
        return 0;
      }
      int rank = (int) Math.ceil(quantile * sorted.length);
      return sorted[Math.max(rank, 1) - 1] / 1e6;
    }
  }

  /** Answers a second. */
  @JsonIgnore
  double rate() {
    return answered / seconds;
  }
}
