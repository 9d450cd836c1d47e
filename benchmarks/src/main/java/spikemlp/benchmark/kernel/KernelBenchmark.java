package spikemlp.benchmark.kernel;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code spikemlp bench kernels} command. */
@Command(
    name = "kernels",
    description =
        "Times the kernels of a training step on one thread by JMH: against the naive ones, and"
            + " against the machine's arithmetic and memory, measured in the same run. Each in a"
            + " JVM of its own; with --quick all in this one.",
    footer = "Nothing else should run on the machine meanwhile.")
public final class KernelBenchmark implements Callable<Integer> {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result there.")
  private @Nullable Path json;

  @Option(names = "--quick", description = "Shorter, and in one JVM: rough figures.")
  private boolean quick;

  @Spec private @Nullable CommandSpec spec;

  /** Made by the command line. */
  public KernelBenchmark() {}

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() throws IOException, RunnerException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    KernelReport report =
        new KernelRuns(
                quick,
                line -> {
                  err.println(line);
                  err.flush();
                })
            .measure();
    report.lines().forEach(out::println);
    out.flush();
    if (json != null) {
      report.write(json);
    }
    return 0;
  }
}
