package spikemlp.benchmark.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import spikemlp.benchmark.Machine;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * What loading costs.
 *
 * @param machine where
 * @param quick whether it was a short run, whose figures are rough
 * @param images in memory
 * @param batch B
 * @param batchMilliseconds to make a mini-batch, one thread
 * @param stepMilliseconds a training step, all threads
 * @param stepThreads how many
 * @param share of the first in the second
 * @param pictures files decoded
 * @param picturesPerSecond read, checked, decoded and prepared, all cores
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record LoadingReport(
    Machine machine,
    boolean quick,
    int images,
    int batch,
    Rounds batchMilliseconds,
    Rounds stepMilliseconds,
    int stepThreads,
    double share,
    int pictures,
    double picturesPerSecond) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** A report of what was timed. */
  static LoadingReport of(
      Machine machine,
      boolean quick,
      int images,
      int batch,
      Rounds batches,
      Rounds steps,
      int stepThreads,
      int pictures,
      Rounds loads) {
    return new LoadingReport(
        machine,
        quick,
        images,
        batch,
        batches,
        steps,
        stepThreads,
        batches.median() / steps.median(),
        pictures,
        pictures * 1000 / loads.median());
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
  }

  /** The table, line by line. */
  List<String> lines() {
    return List.of(
        machine.line(quick),
        "",
        String.format(
            Locale.ROOT,
            "a mini-batch of %d from %d images of 32x32, crop and flip, 1 thread  %9.2f ms"
                + "  (%.2f-%.2f)",
            batch,
            images,
            batchMilliseconds.median(),
            batchMilliseconds.least(),
            batchMilliseconds.most()),
        String.format(
            Locale.ROOT,
            "a training step of %s, batch %d, %d threads  %9.2f ms  (%.2f-%.2f)",
            Workload.SMALL.name(),
            batch,
            stepThreads,
            stepMilliseconds.median(),
            stepMilliseconds.least(),
            stepMilliseconds.most()),
        String.format(
            Locale.ROOT,
            "the mini-batch's share, made beside the step before: %.2f%% of a step",
            100 * share),
        String.format(
            Locale.ROOT,
            "JPEG files at load, %d of 32x32, all cores: %.0f pictures/s",
            pictures,
            picturesPerSecond));
  }
}
