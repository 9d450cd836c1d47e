package spikemlp.benchmark.serve;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** What some requests took each, and its quantiles, ms; 0 if there were none. */
final class Latency {

  static final Latency NONE = new Latency(LongStream.empty());

  private static final double NANOS_PER_MILLI = 1e6;

  private final long[] sorted;

  /**
   * @param nanos of each request, in any order
   */
  Latency(LongStream nanos) {
    this.sorted = nanos.sorted().toArray();
  }

  /** Of the requests of all parts. */
  static Latency joined(Stream<Latency> parts) {
    return new Latency(parts.flatMapToLong(part -> Arrays.stream(part.sorted)));
  }

  int requests() {
    return sorted.length;
  }

  @JsonProperty
  double p50() {
    return quantile(0.5);
  }

  @JsonProperty
  double p90() {
    return quantile(0.9);
  }

  @JsonProperty
  double p99() {
    return quantile(0.99);
  }

  @JsonProperty
  double max() {
    return quantile(1);
  }

  private double quantile(double share) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(rank, 1) - 1] / NANOS_PER_MILLI;
  }
}
