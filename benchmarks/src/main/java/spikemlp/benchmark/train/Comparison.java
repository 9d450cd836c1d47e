package spikemlp.benchmark.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One workload and task, ours against the peer's.
 *
 * @param name the workload's
 * @param task train or evaluate
 * @param batch B
 * @param ratio the peer's time over ours, the median of the rounds
 * @param ratioOfMedianSteps the same of the medians of all steps, with what other tenants added
 * @param ours median of the rounds, ms
 * @param peer median of the rounds, ms
 * @param oursRounds ours by round, ms
 * @param peerRounds the peer's by round, ms
 * @param gradError of the gradients in double precision
 * @param gradErrorSingle of the gradients in single precision, where a rounding flips spikes
 * @param differingSpikesSingle spike counts that differ in single precision, by neuron layer
 * @param oursPeakBytes the core's process at most
 * @param peerPeakBytes the peer's process at most
 * @param oursResidentBytes the core's process after the rounds
 * @param peerResidentBytes the peer's process after the rounds
 * @param oursHeapBytes allocated on the Java heap by a step of ours
 * @param peerSettings the best of the peer's settings
 * @param peerTried milliseconds of each of the peer's settings
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Comparison(
    String name,
    String task,
    int batch,
    double ratio,
    double ratioOfMedianSteps,
    double ours,
    double peer,
    Rounds oursRounds,
    Rounds peerRounds,
    double gradError,
    double gradErrorSingle,
    Map<String, Long> differingSpikesSingle,
    long oursPeakBytes,
    long peerPeakBytes,
    long oursResidentBytes,
    long peerResidentBytes,
    long oursHeapBytes,
    String peerSettings,
    Map<String, Double> peerTried) {

  Comparison {
    differingSpikesSingle = Collections.unmodifiableMap(new LinkedHashMap<>(differingSpikesSingle));
    peerTried = Collections.unmodifiableMap(new LinkedHashMap<>(peerTried));
  }
}
