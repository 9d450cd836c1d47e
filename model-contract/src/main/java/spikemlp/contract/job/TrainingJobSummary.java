package spikemlp.contract.job;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.card.Parent;

/**
 * A training job as the list shows it: {@link TrainingJob} without its curve and the whole request.
 *
 * @param id the job's id
 * @param name the registered model that its version will belong to
 * @param state where it stands
 * @param dataSet the images it trains on, as asked for
 * @param progress how far it has come
 * @param failure why it FAILED, in words for its owner; null otherwise
 * @param version the registered version's number; null before registration
 * @param metrics results such as {@code accuracy}, {@code energy_pj}; empty before evaluation
 * @param secondsByStep time spent in each finished step
 * @param parent the version that training starts from; null for a job from scratch
 * @param kind what it does
 * @param origin the job whose training it exports or reproduces; null for a training of its own
 * @param weightsSha256 hash of the final weights; null before they are final
 * @param reproduction the comparison of a {@link JobKind#REPRODUCE} job; null for others
 */
public record TrainingJobSummary(
    String id,
    String name,
    JobState state,
    DataSetSpec dataSet,
    JobProgress progress,
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

  public TrainingJobSummary {
    metrics = Map.copyOf(metrics);
    secondsByStep = Map.copyOf(secondsByStep);
  }
}
