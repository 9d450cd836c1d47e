package spikemlp.benchmark.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import spikemlp.benchmark.Machine;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run found.
 *
 * @param machine where
 * @param java its version
 * @param quick whether it was a short run, whose figures are rough
 * @param limits of one thread
 * @param kernels the rows
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record KernelReport(
    Machine machine, String java, boolean quick, Roofline limits, List<KernelTime> kernels) {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public KernelReport {
    kernels = List.copyOf(kernels);
  }

  void write(Path file) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(this) + "\n", StandardCharsets.UTF_8);
  }

  /** The table, line by line. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(machine.line(quick));
    lines.add("Java " + java + ", one thread; the small network's first stage: B = 32, T = 4,");
    lines.add("16x16 tokens, C = 96, hidden 288; 14 in 100 fire");
    lines.add(
        String.format(
            Locale.ROOT,
            "limits of a thread: %.1f GFLOP/s (fma in registers), %.1f GB/s (triad)",
            limits.peakGflops(),
            limits.bandwidthGbytes()));
    lines.add("");
    lines.add(
        "%-24s %-6s %9s %7s %9s %8s %8s %7s %14s"
            .formatted(
                "kernel",
                "per",
                "ours ns",
                "+-",
                "naive ns",
                "ratio",
                "GFLOP/s",
                "GB/s",
                "of the limit"));
    kernels.forEach(row -> lines.add(line(row)));
    lines.add("");
    lines.add("neuron: a neuron at a step; MAC: a multiplication and addition of the dense");
    lines.add("product. GFLOP/s are dense-equivalent: a product of spikes passes over what did");
    lines.add("not fire, so that it may go beyond the limit. The limit is the lower one of");
    lines.add("arithmetic and memory. The naive measure passes over all numbers for each feature.");
    return lines;
  }

  private static String line(KernelTime row) {
    return String.format(
        Locale.ROOT,
        "%-24s %-6s %9.4f %6.1f%% %9.3f %7.1fx %8.1f %7.1f %5.0f%% %s",
        row.name(),
        row.unit() == Work.Unit.MAC ? "MAC" : "neuron",
        row.ours(),
        100 * row.oursSpread() / row.ours(),
        row.naive(),
        row.ratio(),
        row.gflops(),
        row.gbytes(),
        100 * row.share(),
        row.bound().name().toLowerCase(Locale.ROOT));
  }
}
