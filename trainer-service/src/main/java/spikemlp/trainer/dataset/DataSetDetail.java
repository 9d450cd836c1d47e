package spikemlp.trainer.dataset;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;

/**
 * An uploaded data set with all that is known of it.
 *
 * @param classes in the order of their labels' numbers
 * @param badImages the first of the files that are not trained on, {@value
 *     DataSetContent#MOST_LISTED} at most of either kind
 */
record DataSetDetail(
    @JsonUnwrapped DataSetSummary summary, List<ClassCount> classes, List<BadImage> badImages) {

  DataSetDetail {
    classes = List.copyOf(classes);
    badImages = List.copyOf(badImages);
  }
}
