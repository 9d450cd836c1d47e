package spikemlp.benchmark.train;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import spikemlp.benchmark.events.EventsBenchmark;
import spikemlp.benchmark.kernel.KernelBenchmark;
import spikemlp.benchmark.serve.ServeBenchmark;

/** The {@code spikemlp bench} command. Exit status 0 is success, 1 a failure, 2 a wrong command. */
@Command(
    name = "spikemlp bench",
    description = "Measures SpikeMLP against its peers, its naive kernels and the machine.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainBenchmark.class,
      KernelBenchmark.class,
      LoadingBenchmark.class,
      EventsBenchmark.class,
      ServeBenchmark.class
    })
public final class Bench {

  private static final int FAILURE = 1;

  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  Bench() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, for {@code execute}. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Bench());
    line.setExecutionExceptionHandler((failure, command, _) -> {
      boolean told =
          failure instanceof WorkerException || failure instanceof IllegalArgumentException;
      command.getErr().println("spikemlp bench: " + (told ? failure.getMessage() : failure));
      return FAILURE;
    });
    line.setUsageHelpAutoWidth(true);
    return line;
  }
}
