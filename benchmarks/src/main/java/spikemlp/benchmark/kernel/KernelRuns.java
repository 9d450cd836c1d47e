package spikemlp.benchmark.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;
import spikemlp.benchmark.Machine;

/**
 * Times every kernel of a training step by JMH, and the machine's limits in the same run.
 *
 * @param quick shorter, and all in this JVM; else each in a JVM of its own
 * @param progress told what is going on
 */
public record KernelRuns(boolean quick, Consumer<String> progress) {

  /**
   * The times.
   *
   * @throws RunnerException if JMH cannot run
   */
  public KernelReport measure() throws IOException, RunnerException {
    Machine machine = Machine.here();
    progress.accept("the machine's limits");
    Roofline limits = limits();
    List<KernelTime> times = new ArrayList<>();
    for (Work work : Work.all()) {
      progress.accept(work.name());
      times.add(time(work, limits));
    }
    return new KernelReport(machine, Runtime.version().toString(), quick, limits, times);
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
