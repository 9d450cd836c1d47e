package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/v1/training-jobs}.
 *
 * @param name the registered model that the version will belong to: 1 to 64 of a-z, 0-9, '.', '_',
 *     '-', beginning with a letter or digit
 * @param dataSet which images
 * @param network which network; null for the small preset, or the start version's network
 * @param training how; null for the defaults
 * @param start the version whose weights training starts from; null for random ones
 */
public record TrainingJobRequest(
    String name,
    DataSetSpec dataSet,
    @Nullable NetworkSpec network,
    @Nullable TrainingSpec training,
    @Nullable StartSpec start) {

  /** A training from scratch. */
  public TrainingJobRequest(
      String name,
      DataSetSpec dataSet,
      @Nullable NetworkSpec network,
      @Nullable TrainingSpec training) {
    this(name, dataSet, network, training, null);
  }
}
