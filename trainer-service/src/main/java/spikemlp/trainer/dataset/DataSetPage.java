package spikemlp.trainer.dataset;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some data sets, newest first.
 *
 * @param next the token of the next page; null at the end
 */
record DataSetPage(List<DataSetSummary> items, @Nullable String next) {

  DataSetPage {
    items = List.copyOf(items);
  }
}
