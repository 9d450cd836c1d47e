package spikemlp.contract.job;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.card.Parent;

/**
 * A training job as the API shows it.
 *
 * @param id the job's id
 * @param state where it stands
 * @param request what was asked
 * @param progress how far it has come
 * @param curve finished epochs
 * @param failure why it FAILED, in words for its owner; null otherwise
 * @param version the registered version's number; null before registration
 * @param metrics results such as {@code accuracy}, {@code energy_pj}; empty before evaluation
 * @param secondsByStep time spent in each finished step
 * @param parent the version that training starts from, as it was when the job was submitted; null
 *     for a job from scratch
 * @param kind what it does
 * @param origin the job whose training it exports or reproduces; null for a training of its own, or
 *     once that job has been deleted
 * @param weightsSha256 SHA-256 of the trained weights and running statistics by {@code
 *     spikemlp.checkpoint.WeightHash}; null before they are final
 * @param reproduction the comparison of a {@link JobKind#REPRODUCE} job; null for others
 */
public record TrainingJob(
    String id,
    JobState state,
    TrainingJobRequest request,
    JobProgress progress,
    List<EpochMetrics> curve,
    @Nullable String failure,
    @Nullable Integer version,
    Map<String, Double> metrics,
    Map<String, Double> secondsByStep,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Parent parent,
    JobKind kind,
    @Nullable String origin,
    @Nullable String weightsSha256,
    @Nullable Reproduction reproduction) {

  public TrainingJob {
    curve = List.copyOf(curve);
    metrics = Map.copyOf(metrics);
    secondsByStep = Map.copyOf(secondsByStep);
  }
}
