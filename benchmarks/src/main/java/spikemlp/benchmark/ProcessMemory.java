package spikemlp.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The memory of a process that is really there, heap and native, as the kernel counts it.
 *
 * @param residentBytes now
 * @param peakResidentBytes at most since the process began
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ProcessMemory(long residentBytes, long peakResidentBytes) {

  private static final Path STATUS = Path.of("/proc/self/status");

  /** This process's. */
  public static ProcessMemory ofThisProcess() throws IOException {
    List<String> lines = Files.readAllLines(STATUS, StandardCharsets.US_ASCII);
    return new ProcessMemory(bytes(lines, "VmRSS:"), bytes(lines, "VmHWM:"));
  }

  private static long bytes(List<String> lines, String key) throws IOException {
    for (String line : lines) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.substring(key.length()).replace("kB", "").strip()) << 10;
      }
    }
    throw new IOException(STATUS + " has no " + key);
  }
}
