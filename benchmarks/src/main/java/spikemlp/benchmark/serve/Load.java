package spikemlp.benchmark.serve;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
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
 * @param latency of those answered with status 200, from when each was due: a request that could
 *     not be sent in time because the ones before it were slow has waited too
 * @param besideRun what each of those took beside the run that its answer tells of; of none where
 *     answers tell of no run
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Load(
    double offered,
    double seconds,
    double clientCores,
    long refused,
    long failed,
    Latency latency,
    Latency besideRun) {

  /** Several loads of one kind, one after the other, as one. */
  static Load joined(List<Load> loads) {
    return new Load(
        loads.getFirst().offered,
        sum(loads, Load::seconds),
        sum(loads, load -> load.clientCores * load.seconds) / sum(loads, Load::seconds),
        (long) sum(loads, Load::refused),
        (long) sum(loads, Load::failed),
        Latency.joined(loads.stream().map(Load::latency)),
        Latency.joined(loads.stream().map(Load::besideRun)));
  }

  private static double sum(List<Load> loads, ToDoubleFunction<Load> of) {
    return loads.stream().mapToDouble(of).sum();
  }

  @JsonProperty
  int answered() {
    return latency.requests();
  }

  /** Answers a second. */
  @JsonIgnore
  double rate() {
    return answered() / seconds;
  }
}
