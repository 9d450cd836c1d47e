package spikemlp.contract.job;

import java.util.List;

/**
 * A job's metrics over its training.
 *
 * @param series {@code epoch} or {@code step}
 * @param recorded points that there are
 * @param points all of them, or those left by down-sampling, in their order
 * @param <T> {@link EpochMetrics} or {@link StepMetrics}
 */
public record MetricSeries<T>(String series, int recorded, List<T> points) {

  public MetricSeries {
    points = List.copyOf(points);
  }
}
