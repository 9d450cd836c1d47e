package spikemlp.benchmark.serve;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.benchmark.Machine;

/** The {@code spikemlp bench serve} command. */
@Command(
    name = "serve",
    description =
        "Loads the inference service over HTTP, closed and open loop, with binary tensors, JSON and"
            + " JPEG, in fp32 and int8, beside ONNX Runtime in a loop and an echo server in the"
            + " same process.",
    footer = "Nothing else should run on the machine meanwhile.")
public final class ServeBenchmark implements Callable<Integer> {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result there.")
  private @Nullable Path json;

  @Option(
      names = "--seconds",
      defaultValue = "20",
      description =
          "How long each load lasts, and a third of the overload; below 10 the figures are rough. Default: 20.")
  private int seconds;

  @Option(
      names = "--only",
      paramLabel = "NETWORK",
      split = ",",
      description = "small-32, medium-32 or mlp-spe-t-224; all of them without it.")
  private List<String> only = List.of();

  @Spec private @Nullable CommandSpec spec;

  /** Made by the command line. */
  public ServeBenchmark() {}

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() throws IOException {
    if (seconds < 1) {
      throw new IllegalArgumentException("a load lasts 1 second or more, not " + seconds);
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<ServedNetwork> networks =
        only.isEmpty() ? ServedNetwork.ALL : only.stream().map(ServedNetwork::named).toList();
    Machine machine = Machine.here();
    Path directory = Files.createTempDirectory("spikemlp-serve");
    try {
      List<ServeRow> rows =
          new ServeRuns(
                  networks,
                  Duration.ofSeconds(seconds),
                  directory,
                  line -> {
                    err.println(line);
                    err.flush();
                  })
              .measure();
      ServeReport report =
          new ServeReport(machine, System.getProperty("java.version"), seconds, rows);
      report.lines().forEach(out::println);
      out.flush();
      if (json != null) {
        report.write(json);
      }
      return 0;
    } finally {
      FileSystemUtils.deleteRecursively(directory);
    }
  }
}
