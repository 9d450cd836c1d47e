package spikemlp.benchmark.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
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
 * @param stepMilliseconds a training step on a batch that is there, all threads
 * @param stepThreads how many
 * @param recipes what a mini-batch costs by augmentation
 * @param pictures files decoded
 * @param picturesPerSecond read, checked, decoded and prepared, all cores
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record LoadingReport(
    Machine machine,
    boolean quick,
    int images,
    int batch,
    Rounds stepMilliseconds,
    int stepThreads,
    List<Recipe> recipes,
    int pictures,
    double picturesPerSecond) {

  /**
   * One augmentation.
   *
   * @param name of the recipe
   * @param batchMilliseconds to make a mini-batch, one thread
   * @param share of it in a training step
   * @param trainedMilliseconds a step of a training run, the batches prepared meanwhile
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Recipe(String name, Rounds batchMilliseconds, double share, Rounds trainedMilliseconds) {

    static Recipe of(String name, Rounds batches, Rounds steps, Rounds trained) {
      return new Recipe(name, batches, batches.median() / steps.median(), trained);
    }

    private Stream<String> lines(int batch) {
      return Stream.of(
          line("%s: a mini-batch of %d, 1 thread".formatted(name, batch), batchMilliseconds),
          String.format(
              Locale.ROOT, "%-66s %9.2f %%", name + ": its share of the step", 100 * share),
          line(name + ": a step of a training run", trainedMilliseconds));
    }
  }

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** A report of what was timed. */
  static LoadingReport of(
      Machine machine,
      boolean quick,
      int images,
      int batch,
      Rounds steps,
      int stepThreads,
      List<Recipe> recipes,
      int pictures,
      Rounds loads) {
    return new LoadingReport(
        machine,
        quick,
        images,
        batch,
        steps,
        stepThreads,
        List.copyOf(recipes),
        pictures,
        pictures * 1000 / loads.median());
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
  }

  /** The table, line by line. */
  List<String> lines() {
    Stream<String> head =
        Stream.of(
            machine.line(quick),
            "",
            line(
                "a training step of %s, batch %d, %d threads"
                    .formatted(Workload.SMALL.name(), batch, stepThreads),
                stepMilliseconds));
    Stream<String> foot =
        Stream.of(
            String.format(
                Locale.ROOT,
                "%-66s %9.0f pictures/s",
                "JPEG files at load, %d, all cores".formatted(pictures),
                picturesPerSecond),
            "",
            "Pictures are 32x32, %d in memory. A training run makes its mini-batches on threads of"
                .formatted(images),
            "their own during the steps before.");
    return Stream.of(head, recipes.stream().flatMap(recipe -> recipe.lines(batch)), foot)
        .flatMap(lines -> lines)
        .toList();
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
