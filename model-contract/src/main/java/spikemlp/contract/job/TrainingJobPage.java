package spikemlp.contract.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the training jobs, newest first.
 *
 * @param items the jobs
 * @param next what {@code after} continues with, opaque; null if no older job is left
 */
public record TrainingJobPage(List<TrainingJobSummary> items, @Nullable String next) {

  public TrainingJobPage {
    items = List.copyOf(items);
  }
}
