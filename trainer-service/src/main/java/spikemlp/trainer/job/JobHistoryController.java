package spikemlp.trainer.job;

import java.util.List;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobLogPage;
import spikemlp.contract.job.MetricSeries;
import spikemlp.contract.job.StepMetrics;
import spikemlp.query.QueryParameters;

/** What a training job has left behind on its way, over REST: its metrics and its log. */
@RestController
@RequestMapping("/api/v1/training-jobs/{id}")
class JobHistoryController {

  private static final int MOST_POINTS = 10_000;
  private static final int MOST_LINES = JobLogStore.KEPT;
  private static final int USUAL_LINES = 200;

  /** By what a series goes on. */
  private enum Series {
    EPOCH,
    STEP
  }

  private final JobStore store;
  private final MetricHistory history;
  private final JobLogStore logs;

  JobHistoryController(JobStore store, MetricHistory history, JobLogStore logs) {
    this.store = store;
    this.history = history;
    this.logs = logs;
  }

  /** The metrics by epoch or by step, all of them or down-sampled by the training loss. */
  @GetMapping("/metrics")
  MetricSeries<?> metrics(
      @PathVariable String id, @RequestParam MultiValueMap<String, String> query) {
    QueryParameters parameters = new QueryParameters(query);
    Series series =
        parameters
            .read("series", "is epoch or step", JobHistoryController::series)
            .orElse(Series.EPOCH);
    int most = parameters.number("points", Downsampling.LEAST, MOST_POINTS).orElse(MOST_POINTS);
    parameters.check();
    store.require(id);
    return switch (series) {
      case EPOCH -> {
        List<EpochMetrics> all = history.epochs(id);
        yield new MetricSeries<>(
            "epoch", all.size(), Downsampling.minMax(all, most, EpochMetrics::trainLoss));
      }
      case STEP -> {
        List<StepMetrics> all = history.steps(id);
        yield new MetricSeries<>(
            "step", all.size(), Downsampling.minMax(all, most, StepMetrics::trainLoss));
      }
    };
  }

  private static Series series(String label) {
    return switch (label) {
      case "epoch" -> Series.EPOCH;
      case "step" -> Series.STEP;
      default -> throw new IllegalArgumentException(label);
    };
  }

  /** The log's lines after the one given, oldest first. */
  @GetMapping("/logs")
  JobLogPage logs(@PathVariable String id, @RequestParam MultiValueMap<String, String> query) {
    QueryParameters parameters = new QueryParameters(query);
    long after = parameters.id("after", "is the id of a line, a whole number").orElse(0L);
    int limit = parameters.number("limit", 1, MOST_LINES).orElse(USUAL_LINES);
    parameters.check();
    store.require(id);
    return logs.page(id, after, limit);
  }
}
