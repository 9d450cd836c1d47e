package spikemlp.benchmark.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import spikemlp.benchmark.Machine;
import spikemlp.benchmark.kernel.KernelReport;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run found.
 *
 * @param machine where
 * @param ours version of ours
 * @param peer version of the peer
 * @param quick whether it was a short run, whose figures are rough
 * @param configurations ours against the peer
 * @param scaling ours alone
 * @param kernels of ours, against the naive ones and the machine's limits, where they were timed
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Report(
    Machine machine,
    String ours,
    String peer,
    boolean quick,
    List<Comparison> configurations,
    List<Scaling> scaling,
    Optional<KernelReport> kernels) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  Report {
    configurations = List.copyOf(configurations);
    scaling = List.copyOf(scaling);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
  }

  /** The table, line by line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(machine.line(quick));
    lines.add("ours: " + ours);
    if (!configurations.isEmpty()) {
      lines.add("peer: " + peer);
      lines.add("");
      lines.add(
          "%-10s %-9s %7s %7s %9s %17s %9s %17s %10s %12s %9s %9s %12s"
              .formatted(
                  "network",
                  "task",
                  "ratio",
                  "(all)",
                  "ours ms",
                  "min-max",
                  "peer ms",
                  "min-max",
                  "grad error",
                  "(single)",
                  "ours GB",
                  "peer GB",
                  "heap B/step"));
      configurations.forEach(row -> lines.add(line(row)));
      lines.add("");
      configurations.forEach(row ->
          lines.add(
              "%s %s, the peer's best: %s".formatted(row.name(), row.task(), row.peerSettings())));
    }
    if (!scaling.isEmpty()) {
      lines.add("");
      lines.add("ours alone, training steps of " + Workload.SMALL.name());
      lines.add("%-11s %6s %9s %17s %10s".formatted("vary", "value", "ms", "min-max", "samples/s"));
      scaling.forEach(row -> lines.add(line(row)));
    }
    kernels.ifPresent(report -> {
      lines.add("");
      lines.addAll(report.lines());
    });
    return lines;
  }

  private static String line(Comparison row) {
    return String.format(
        Locale.ROOT,
        "%-10s %-9s %6.2fx %6.2fx %9.1f %17s %9.1f %17s %10.1e %12s %9.2f %9.2f %12d",
        row.name(),
        row.task(),
        row.ratio(),
        row.ratioOfMedianSteps(),
        row.ours(),
        range(row.oursRounds()),
        row.peer(),
        range(row.peerRounds()),
        row.gradError(),
        String.format(Locale.ROOT, "%.1e", row.gradErrorSingle()),
        row.oursPeakBytes() / 1e9,
        row.peerPeakBytes() / 1e9,
        row.oursHeapBytes());
  }

  private static String line(Scaling row) {
    return String.format(
        Locale.ROOT,
        "%-11s %6d %9.1f %17s %10.1f",
        row.vary(),
        row.value(),
        row.milliseconds(),
        range(row.rounds()),
        row.samplesPerSecond());
  }

  private static String range(Rounds rounds) {
    return String.format(Locale.ROOT, "%.1f-%.1f", rounds.least(), rounds.most());
  }
}
