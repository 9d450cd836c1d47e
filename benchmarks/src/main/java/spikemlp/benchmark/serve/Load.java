package spikemlp.benchmark.serve;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a load met.
 *
 * @param offered requests a second that were due; 0 where each client sends when it was answered
 * @param seconds from the first due to the last answered
 * @param clientCores cores that sending and reading kept busy, which the service did not have
 * @param refused with 503
 * @param failed with anything else, or not at all
 * @param latencies of those answered with status 200, ns, from when each was due: a request that
 *     could not be sent in time because the ones before it were slow has waited too
 * @param besides what each of those took beside the run that its answer tells of, ns; none where
 *     answers tell of no run
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Load(
    double offered,
    double seconds,
    double clientCores,
    long refused,
    long failed,
    @JsonIgnore List<Long> latencies,
    @JsonIgnore List<Long> besides) {

  Load {
    latencies = List.copyOf(latencies);
    besides = List.copyOf(besides);
  }

  /** Quantiles, ms. */
  record Latency(double p50, double p90, double p99, double max) {

    static Latency of(List<Long> nanos) {
      long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
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

  /** Several loads of one kind, one after the other, as one. */
  static Load joined(List<Load> loads) {
    return new Load(
        loads.getFirst().offered,
        sum(loads, Load::seconds),
        sum(loads, load -> load.clientCores * load.seconds) / sum(loads, Load::seconds),
        (long) sum(loads, Load::refused),
        (long) sum(loads, Load::failed),
        together(loads, Load::latencies),
        together(loads, Load::besides));
  }

  private static double sum(List<Load> loads, ToDoubleFunction<Load> of) {
    return loads.stream().mapToDouble(of).sum();
  }

  private static List<Long> together(List<Load> loads, Function<Load, List<Long>> of) {
    return loads.stream().map(of).flatMap(List::stream).toList();
  }

  @JsonProperty
  int answered() {
    return latencies.size();
  }

  @JsonProperty
  Latency latency() {
    return Latency.of(latencies);
  }

  /** Of {@link #besides}. */
  @JsonProperty
  Latency besideRun() {
    return Latency.of(besides);
  }

  /** Answers a second. */
  @JsonIgnore
  double rate() {
    return answered() / seconds;
  }
}
