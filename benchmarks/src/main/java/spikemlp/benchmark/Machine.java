package spikemlp.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The machine.
 *
 * @param cpu its name
 * @param cores as this process sees them
 * @param memoryBytes in all
 * @param loadBefore runnable tasks, one minute's average, before the run
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Machine(String cpu, int cores, long memoryBytes, double loadBefore) {

  public static Machine here() throws IOException {
    String cpu = value(Path.of("/proc/cpuinfo"), "model name");
    String memory = value(Path.of("/proc/meminfo"), "MemTotal").replace("kB", "").strip();
    String load = Files.readString(Path.of("/proc/loadavg"), StandardCharsets.US_ASCII);
    return new Machine(
        cpu,
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(memory) << 10,
        Double.parseDouble(load.substring(0, load.indexOf(' '))));
  }

  private static String value(Path file, String key) throws IOException {
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      if (line.startsWith(key)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "0";
  }

  /** The first line of a table. */
  public String line(boolean quick) {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.1f GB, load before %.2f%s",
        cpu,
        cores,
        memoryBytes / 1e9,
        loadBefore,
        quick ? "; a quick run: rough figures" : "");
  }
}
