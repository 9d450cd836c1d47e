package spikemlp.benchmark.kernel;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.benchmark.Machine;

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
    Machine machine = Machine.here();
    say(err, "the machine's limits");
    Roofline limits = limits();
    List<KernelTime> times = new ArrayList<>();
    for (Work work : Work.all()) {
      say(err, work.name());
      times.add(time(work, limits));
    }
    KernelReport report =
        new KernelReport(machine, Runtime.version().toString(), quick, limits, times);
    report.lines().forEach(out::println);
    out.flush();
    if (json != null) {
      report.write(json);
    }
    return 0;
  }

  private static void say(PrintWriter err, String line) {
    err.println(line);
    err.flush();
  }

  /** The best that was reached: a limit is not a mean. */
  private Roofline limits() throws RunnerException {
    double fma = 0;
    double triad = 0;
    for (RunResult run : new Runner(options(MachineLimits.class.getName() + ".*").build()).run()) {
      double nanoseconds = run.getPrimaryResult().getStatistics().getMin();
      if (run.getParams().getBenchmark().endsWith(".fma")) {
        fma = MachineLimits.FMA_FLOPS / nanoseconds;
      } else {
        triad = MachineLimits.TRIAD_BYTES / nanoseconds;
      }
    }
    return new Roofline(fma, triad);
  }

  private KernelTime time(Work work, Roofline limits) throws RunnerException {
    ChainedOptionsBuilder options = options(Pattern.quote(work.benchmark()) + "$");
    work.parameters().forEach(options::param);
    Collection<RunResult> runs = new Runner(options.build()).run();
    Statistics ours = statistics(runs, Implementation.VECTORISED);
    Statistics naive = statistics(runs, Implementation.NAIVE);
    int batch = Implementation.VECTORISED.batch();
    return KernelTime.of(
        work,
        limits,
        ours.getPercentile(50) / batch,
        (ours.getMax() - ours.getMin()) / 2 / batch,
        naive.getPercentile(50) / Implementation.NAIVE.batch());
  }

  /** Of the iterations. */
  private static Statistics statistics(Collection<RunResult> runs, Implementation implementation) {
    return runs.stream()
        .filter(run -> run.getParams().getParam("implementation").equals(implementation.name()))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("JMH has no result for " + implementation))
        .getPrimaryResult()
        .getStatistics();
  }

  /** A fork starts with this JVM's options. */
  private ChainedOptionsBuilder options(String include) {
    return new OptionsBuilder()
        .include(include)
        .forks(quick ? 0 : 1)
        .threads(1)
        .warmupIterations(quick ? 2 : 3)
        .warmupTime(TimeValue.milliseconds(quick ? 150 : 250))
        .measurementIterations(7)
        .measurementTime(TimeValue.milliseconds(quick ? 40 : 120))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }
}
