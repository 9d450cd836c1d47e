package spikemlp.benchmark.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.benchmark.Machine;
import spikemlp.benchmark.ProcessMemory;
import spikemlp.contract.card.WeightPrecision;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ServeReportTest {

  private static final Machine MACHINE = new Machine("a processor", 2, 8L << 30, 0.5);

  private static Load load(int answered, double p50) {
    return load(answered, p50, Latency.NONE);
  }

  private static Load load(int answered, double p50, Latency besideRun) {
    return new Load(0, 10, 0.5, 0, 0, latency(answered, p50), besideRun);
  }

  /** Of which {@code p50} ms are the median, and the double the 99th percentile. */
  private static Latency latency(int answered, double p50) {
    long nanos = (long) (p50 * 1e6);
    return new Latency(
        IntStream.range(0, answered)
            .mapToLong(
                i -> i < answered * 0.95 ? nanos : i < answered * 0.995 ? 2 * nanos : 3 * nanos));
  }

  private static Latency nanos(long... each) {
    return new Latency(LongStream.of(each));
  }

  private static ServeRow row(WeightPrecision precision, int raw) {
    return new ServeRow(
        "net",
        precision,
        load(raw / 2, 5),
        load(raw, 5),
        load(raw / 2, 5.5, nanos(300_000, 400_000, 1_250_000)),
        load(40_000, 0.1),
        Map.of(Format.BINARY, load(raw * 9 / 10, 80)),
        load(50_000, 0.2),
        List.of(load(raw / 2, 6)),
        new Overload(
            new Load(300, 10, 1.25, 2000, 1, latency(raw * 9 / 20, 1), Latency.NONE),
            new ProcessMemory(900L << 20, 1000L << 20),
            new ProcessMemory(901L << 20, 1000L << 20),
            load(raw / 2, 5.6)));
  }

  private static ServeReport report() {
    return new ServeReport(
        MACHINE,
        "25",
        10,
        List.of(row(WeightPrecision.FP32, 1000), row(WeightPrecision.INT8, 2500)));
  }

  @Test
  void ratiosAreOfTheSameRun() {
    assertThat(String.join("\n", report().lines()))
        .contains(
            "0.900 of raw",
            "overhead of a request: p50 0.50, p99 1.00 ms more than ONNX Runtime",
            "p50 0.40, p99 1.25 ms beside the run",
            "net: int8 is 2.50 x fp32 in ONNX Runtime, 2.50 x through the service",
            "service, 300.0/s due",
            "503: 2000",
            "0.50 of capacity, 1.00 of it for a core that the clients leave (they take 1.25 of 2,",
            "memory 900 MiB before, 901 after",
            "FAILED: 1")
        .doesNotContain("rough figures");
  }

  @Test
  void turnsAreOneLoad() {
    Load joined =
        Load.joined(
            List.of(
                new Load(0, 1, 0.5, 1, 2, nanos(1_000_000), nanos(7)),
                new Load(0, 3, 0.1, 3, 4, nanos(2_000_000, 3_000_000), nanos(8, 9))));
    assertThat(joined)
        .usingRecursiveComparison()
        .isEqualTo(
            new Load(0, 4, 0.2, 4, 6, nanos(1_000_000, 2_000_000, 3_000_000), nanos(7, 8, 9)));
    assertThat(joined.rate()).isEqualTo(0.75);
  }

  @Test
  void theFileHasEveryLoad(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("serve.json");
    report().write(file);
    JsonNode read = JsonMapper.shared().readTree(Files.readAllBytes(file));
    assertThat(read.at("/rows/1/precision").asString()).isEqualTo("INT8");
    assertThat(read.at("/rows/0/full/BINARY/answered").asInt()).isEqualTo(900);
    assertThat(read.at("/rows/0/idle/latency/p99").asDouble()).isEqualTo(11);
    assertThat(read.at("/rows/0/idle/beside_run/p50").asDouble()).isEqualTo(0.4);
    assertThat(read.at("/rows/0/idle").propertyNames()).doesNotContain("latencies", "besides");
    assertThat(read.at("/rows/0/overload/load/refused").asInt()).isEqualTo(2000);
    assertThat(read.at("/rows/0/overload/before/resident_bytes").asLong()).isEqualTo(900L << 20);
    assertThat(read.at("/seconds_each").asInt()).isEqualTo(10);
  }
}
