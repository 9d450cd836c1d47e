package spikemlp.inference.protocol;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import spikemlp.inference.engine.RunStatistics.Runs;
import spikemlp.inference.serve.VersionStatistics;

/**
 * A version's statistics, as the statistics extension has them, and beside them the spikes and the
 * energy estimates.
 */
record ModelStatistics(
    String name,
    String version,
    String precision,
    @JsonProperty("last_inference") long lastInference,
    @JsonProperty("inference_count") long inferenceCount,
    @JsonProperty("execution_count") long executionCount,
    @JsonProperty("inference_stats") Map<String, Duration> inferenceStats,
    @JsonProperty("batch_stats") List<Batch> batchStats,
    long spikes,
    @JsonProperty("synaptic_additions") long synapticAdditions,
    @JsonProperty("estimated_energy_pj") Map<String, Double> estimatedEnergy) {

  /** How often, and how long together. */
  record Duration(long count, long ns) {

    static Duration of(Runs runs) {
      return new Duration(runs.count(), runs.nanos());
    }
  }

  /** Runs of one number of samples. */
  record Batch(
      @JsonProperty("batch_size") int batchSize,
      @JsonProperty("compute_infer") Duration computeInfer) {}

  ModelStatistics {
    inferenceStats = Map.copyOf(inferenceStats);
    batchStats = List.copyOf(batchStats);
    estimatedEnergy = Map.copyOf(estimatedEnergy);
  }

  static ModelStatistics of(VersionStatistics statistics) {
    VersionStatistics.Sums sums = statistics.sums();
    return new ModelStatistics(
        statistics.model(),
        Integer.toString(statistics.version()),
        statistics.precision().label(),
        sums.lastInferenceMillis(),
        sums.inferences(),
        sums.runs().values().stream().mapToLong(Runs::count).sum(),
        Map.of(
            "success", Duration.of(sums.success()),
            "fail", Duration.of(sums.fail()),
            "queue", Duration.of(sums.queue()),
            "compute_infer", Duration.of(sums.compute())),
        sums.runs().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(runs -> new Batch(runs.getKey(), Duration.of(runs.getValue())))
            .toList(),
        sums.spikes(),
        sums.synapticAdditions(),
        sums.picojoules());
  }
}
