package spikemlp.benchmark.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.benchmark.Machine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LoadingReportTest {

  private static final Rounds STEPS = new Rounds(List.of(400.0, 300.0, 500.0));

  private static final LoadingReport REPORT =
      LoadingReport.of(
          new Machine("a processor", 2, 8_000_000_000L, 0.5),
          false,
          50_000,
          32,
          STEPS,
          2,
          List.of(
              LoadingReport.Recipe.of(
                  "simple", new Rounds(List.of(3.0, 2.0, 4.0)), STEPS, new Rounds(List.of(401.0)))),
          2000,
          new Rounds(List.of(500.0)));

  @Test
  void theShareIsOfTheMedians() {
    assertThat(REPORT.recipes().getFirst().share()).isEqualTo(0.0075, within(1e-12));
    assertThat(REPORT.picturesPerSecond()).isEqualTo(4000, within(1e-9));
  }

  @Test
  void theTableSaysTimesAndShare() {
    assertThat(REPORT.lines())
        .anyMatch(line ->
            line.startsWith("simple: a mini-batch of 32") && line.endsWith("3.00 ms (2.00-4.00)"))
        .anyMatch(line -> line.contains("training run") && line.contains("401.00 ms"))
        .anyMatch(line -> line.contains("50000 in memory"))
        .anyMatch(line -> line.contains("small-32") && line.contains("400.00 ms"))
        .anyMatch(line -> line.endsWith(" 0.75 %"))
        .anyMatch(line -> line.endsWith("4000 pictures/s"));
  }

  @Test
  void theFileHasTheKeysThatScriptsRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("report.json");
    REPORT.write(file);
    JsonNode json = JsonMapper.shared().readTree(file.toFile());
    assertThat(json.path("recipes").path(0).path("share").asDouble())
        .isEqualTo(0.0075, within(1e-12));
    assertThat(json.path("pictures_per_second").asDouble()).isEqualTo(4000);
    assertThat(json.path("recipes").path(0).path("batch_milliseconds").path("milliseconds").size())
        .isEqualTo(3);
  }

  @Test
  void aTemporaryDirectoryGoesWithWhatIsInIt() throws IOException {
    Path path;
    try (TemporaryDirectory directory = TemporaryDirectory.create()) {
      path = directory.path();
      Files.createDirectories(path.resolve("a/b"));
      Files.writeString(path.resolve("a/b/c"), "d");
    }
    assertThat(path).doesNotExist();
  }
}
