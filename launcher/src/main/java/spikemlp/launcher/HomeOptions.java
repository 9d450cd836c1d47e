package spikemlp.launcher;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that every command has. */
final class HomeOptions {

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Where keys, databases, models and logs are kept (SPIKEMLP_HOME, .spikemlp).")
  private @Nullable Path home;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write what was done and found as JSON.")
  private @Nullable Path json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  Home home() {
    return Home.of(Optional.ofNullable(home));
  }

  /** Writes {@code report} where {@code --json} says, if it does. */
  void write(Object report) {
    if (json != null) {
      JsonFile.write(json, report);
    }
  }
}
