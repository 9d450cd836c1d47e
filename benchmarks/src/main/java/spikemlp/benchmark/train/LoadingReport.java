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
        line(
            "a mini-batch of %d from %d images, crop and flip, 1 thread".formatted(batch, images),
            batchMilliseconds),
        line(
            "a training step of %s, batch %d, %d threads"
                .formatted(Workload.SMALL.name(), batch, stepThreads),
            stepMilliseconds),
        String.format(
            Locale.ROOT, "%-66s %9.2f %%", "the mini-batch's share of the step", 100 * share),
        String.format(
            Locale.ROOT,
            "%-66s %9.0f pictures/s",
            "JPEG files at load, %d, all cores".formatted(pictures),
            picturesPerSecond),
        "",
        "Pictures are 32x32. A mini-batch is made on a thread of its own during the step before.");
  }

  private static String line(String what, Rounds rounds) {
    return String.format(
        Locale.ROOT,
        "%-66s %9.2f ms (%.2f-%.2f)",
        what,
        rounds.median(),
        rounds.least(),
        rounds.most());
  }
}
