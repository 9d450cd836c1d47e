package spikemlp.benchmark.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.benchmark.Machine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class KernelReportTest {

  private static final KernelReport REPORT =
      new KernelReport(
          new Machine("a processor", 2, 8_000_000_000L, 0.5),
          "25",
          true,
          new Roofline(100, 20),
          List.of(
              new KernelTime(
                  "forward 96->288",
                  Work.Unit.MAC,
                  0.0125,
                  0.00025,
                  1.5,
                  120,
                  160,
                  6.5,
                  Roofline.Bound.COMPUTE,
                  1.6)));

  @Test
  void theTableSaysWhatWasMeasured() {
    assertThat(REPORT.lines())
        .contains(
            "a processor, 2 cores, 8.0 GB, load before 0.50; a quick run: rough figures",
            "limits of a thread: 100.0 GFLOP/s (fma in registers), 20.0 GB/s (triad)",
            "forward 96->288          MAC       0.0125    2.0%     1.500   120.0x    160.0     6.5"
                + "   160% compute");
  }

  @Test
  void theFileHasTheKeysThatScriptsRead(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("report.json");
    REPORT.write(file);
    JsonNode json = JsonMapper.shared().readTree(file.toFile());
    assertThat(json.path("limits").path("peak_gflops").asDouble()).isEqualTo(100);
    assertThat(json.path("limits").path("bandwidth_gbytes").asDouble()).isEqualTo(20);
    JsonNode row = json.path("kernels").path(0);
    assertThat(row.path("name").asString()).isEqualTo("forward 96->288");
    assertThat(row.path("unit").asString()).isEqualTo("MAC");
    assertThat(row.path("ours").asDouble()).isEqualTo(0.0125);
    assertThat(row.path("naive").asDouble()).isEqualTo(1.5);
    assertThat(row.path("ratio").asDouble()).isEqualTo(120);
    assertThat(row.path("bound").asString()).isEqualTo("COMPUTE");
    assertThat(row.path("share").asDouble()).isEqualTo(1.6);
  }
}
