package spikemlp.benchmark.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.benchmark.Machine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ReportTest {

  private static final Report REPORT =
      new Report(
          new Machine("a processor", 2, 8_000_000_000L, 0.5),
          "ours 1",
          "peer 2",
          false,
          List.of(
              new Comparison(
                  "small-32",
                  "train",
                  32,
                  2.5,
                  2.4,
                  400,
                  1000,
                  new Rounds(List.of(390.0, 400.0, 410.0)),
                  new Rounds(List.of(990.0, 1000.0, 1010.0)),
                  1e-13,
                  1e-6,
                  Map.of("head.lif", 1L),
                  1_000_000_000L,
                  2_000_000_000L,
                  900_000_000L,
                  1_900_000_000L,
                  100,
                  "axis=bmm threads=2",
                  Map.of("axis=bmm threads=2", 1000.0))),
          List.of(new Scaling("threads", 2, 400, new Rounds(List.of(400.0)), 80)),
          Optional.empty());

  @Test
  void theFileHasTheKeysThatScriptsRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("report.json");
    REPORT.write(file);
    JsonNode json = JsonMapper.shared().readTree(file.toFile());
    JsonNode row = json.path("configurations").path(0);
    assertThat(row.path("name").asString()).isEqualTo("small-32");
    assertThat(row.path("task").asString()).isEqualTo("train");
    assertThat(row.path("ratio").asDouble()).isEqualTo(2.5);
    assertThat(row.path("ours").asDouble()).isEqualTo(400);
    assertThat(row.path("peer").asDouble()).isEqualTo(1000);
    assertThat(row.path("grad_error").asDouble()).isEqualTo(1e-13);
    assertThat(row.path("grad_error_single").asDouble()).isEqualTo(1e-6);
    assertThat(row.path("ours_peak_bytes").asLong()).isEqualTo(1_000_000_000L);
    assertThat(row.path("peer_settings").asString()).isEqualTo("axis=bmm threads=2");
    assertThat(row.path("peer_rounds").path("milliseconds").size()).isEqualTo(3);
    assertThat(json.path("scaling").path(0).path("samples_per_second").asDouble()).isEqualTo(80);
    assertThat(json.path("machine").path("cores").asInt()).isEqualTo(2);
  }

  @Test
  void theTableHasALineForEach() {
    assertThat(REPORT.lines())
        .anyMatch(line -> line.startsWith("small-32") && line.contains("2.50x"))
        .anyMatch(line -> line.startsWith("threads") && line.contains("80.0"));
  }

  @Test
  void roundsAreOrdered() {
    Rounds odd = new Rounds(List.of(3.0, 1.0, 2.0));
    assertThat(odd.median()).isEqualTo(2);
    assertThat(odd.least()).isEqualTo(1);
    assertThat(odd.most()).isEqualTo(3);
    assertThat(new Rounds(List.of(4.0, 1.0, 2.0, 3.0)).median()).isEqualTo(2.5);
    // Round by round: 2, 6 and 3 times.
    assertThat(new Rounds(List.of(6.0, 6.0, 6.0)).medianOver(odd)).isEqualTo(3);
  }
}
