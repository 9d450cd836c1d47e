package spikemlp.benchmark.serve;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import spikemlp.benchmark.Machine;
import spikemlp.contract.card.WeightPrecision;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run found.
 *
 * @param machine where
 * @param java its version
 * @param secondsEach how long each load of a small network lasted, the overload three times that
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ServeReport(Machine machine, String java, long secondsEach, List<ServeRow> rows) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final long ROUGH_BELOW = 10;
  private static final double MEBIBYTE = 1 << 20;

  ServeReport {
    rows = List.copyOf(rows);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
  }

  /** A load in a line. */
  static String line(String what, Load load) {
    return String.format(
        Locale.ROOT,
        "%-28s %9.1f/s  p50 %8.2f  p90 %8.2f  p99 %8.2f  max %8.2f ms%s%s",
        what,
        load.rate(),
        load.latency().p50(),
        load.latency().p90(),
        load.latency().p99(),
        load.latency().max(),
        load.refused() == 0 ? "" : "  503: " + load.refused(),
        load.failed() == 0 ? "" : "  FAILED: " + load.failed());
  }

  /** The tables, line by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(machine.line(secondsEach < ROUGH_BELOW));
    lines.add("Java " + java + "; each load " + secondsEach + " s; one image a request");
    for (ServeRow row : rows) {
      lines.add("");
      lines.add(row.network() + ", " + row.precision().label());
      lines.add(line("ONNX Runtime, 1 caller", row.rawAlone()));
      lines.add(line("ONNX Runtime, all cores", row.raw()));
      lines.add(line("service, 1 client, binary", row.idle()));
      lines.add(line("echo, 1 client, the same", row.echoAlone()));
      for (Format format : Format.values()) {
        Load load = row.full().get(format);
        if (load != null) {
          lines.add(
              line("service, 16, " + format.name().toLowerCase(Locale.ROOT), load)
                  + String.format(Locale.ROOT, "  %.3f of raw", load.rate() / row.raw().rate()));
        }
      }
      lines.add(line("echo, 16, the same requests", row.echo()));
      row.open().forEach(load -> lines.add(due(load)));
      lines.add(due(row.overload().load()));
      lines.add(line("service, 1 client, after", row.overload().idle()));
      lines.addAll(overload(row));
      lines.add(overhead(row));
    }
    lines.add("");
    lines.addAll(gains());
    return lines;
  }

  private static String overhead(ServeRow row) {
    Latency raw = row.rawAlone().latency();
    Latency service = row.idle().latency();
    Latency beside = row.idle().besideRun();
    return String.format(
        Locale.ROOT,
        "overhead of a request: p50 %.2f, p99 %.2f ms more than ONNX Runtime in turns with it; p50"
            + " %.2f, p99 %.2f ms beside the run, by its own answer",
        service.p50() - raw.p50(),
        service.p99() - raw.p99(),
        beside.p50(),
        beside.p99());
  }

  private static String due(Load load) {
    return line(String.format(Locale.ROOT, "service, %.1f/s due", load.offered()), load);
  }

  private List<String> overload(ServeRow row) {
    Load capacity = row.full().get(Format.BINARY);
    if (capacity == null) {
      return List.of();
    }
    Overload overload = row.overload();
    return List.of(
        String.format(
            Locale.ROOT,
            "overload: %.2f of capacity, %.2f of it for a core that the clients leave (they take"
                + " %.2f of %d, %.2f at capacity); memory %.0f MiB before, %.0f after",
            overload.ofCapacity(capacity),
            overload.ofCapacityLeft(capacity, machine.cores()),
            overload.load().clientCores(),
            machine.cores(),
            capacity.clientCores(),
            overload.before().residentBytes() / MEBIBYTE,
            overload.afterwards().residentBytes() / MEBIBYTE));
  }

  private List<String> gains() {
    List<String> lines = new ArrayList<>();
    for (ServeRow int8 : rows) {
      for (ServeRow fp32 : rows) {
        if (int8.precision() == WeightPrecision.INT8
            && fp32.precision() == WeightPrecision.FP32
            && int8.network().equals(fp32.network())) {
          lines.add(
              String.format(
                  Locale.ROOT,
                  "%s: int8 is %.2f x fp32 in ONNX Runtime, %.2f x through the service",
                  int8.network(),
                  int8.raw().rate() / fp32.raw().rate(),
                  rate(int8) / rate(fp32)));
        }
      }
    }
    return lines;
  }

  private static double rate(ServeRow row) {
    Load binary = row.full().get(Format.BINARY);
    return binary == null ? Double.NaN : binary.rate();
  }
}
