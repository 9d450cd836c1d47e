package spikemlp.contract.job;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of a job's log, oldest first.
 *
 * @param items the lines
 * @param next what {@code after} continues with; null if no later line is there yet
 */
public record JobLogPage(List<JobLogLine> items, @Nullable String next) {

  public JobLogPage {
    items = List.copyOf(items);
  }
}
