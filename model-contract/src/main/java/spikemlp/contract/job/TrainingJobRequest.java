package spikemlp.contract.job;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/v1/training-jobs}.
 *
 * @param name the registered model that the version will belong to: 1 to 64 of a-z, 0-9, '.', '_',
 *     '-', beginning with a letter or digit
 * @param dataSet which images; drawn digits if it is missing
 * @param network which network; null for the small preset, or the start version's network
 * @param training how; null for the defaults
 * @param start the version whose weights training starts from; null for random ones
 * @param priority 0 to 9, {@value #USUAL_PRIORITY} if null: a waiting job of higher priority goes
 *     first, of the same the older one
 * @param limits what it may take; null for the trainer's limits alone
 */
public record TrainingJobRequest(
    String name,
    DataSetSpec dataSet,
    @Nullable NetworkSpec network,
    @Nullable TrainingSpec training,
    @Nullable StartSpec start,
    @Nullable Integer priority,
    @Nullable JobLimits limits) {

  /** Of a job that names none. */
  public static final int USUAL_PRIORITY = 5;

  /** The largest; the least is 0. */
  public static final int HIGHEST_PRIORITY = 9;

  public TrainingJobRequest {
    // JSON may leave it out.
    dataSet = Objects.requireNonNullElse(dataSet, DataSetSpec.digits());
  }

  /** A training from scratch. */
  public TrainingJobRequest(
      String name,
      DataSetSpec dataSet,
      @Nullable NetworkSpec network,
      @Nullable TrainingSpec training) {
    this(name, dataSet, network, training, null);
  }

  /** A training at the usual priority, without limits of its own. */
  public TrainingJobRequest(
      String name,
      DataSetSpec dataSet,
      @Nullable NetworkSpec network,
      @Nullable TrainingSpec training,
      @Nullable StartSpec start) {
    this(name, dataSet, network, training, start, null, null);
  }
}
