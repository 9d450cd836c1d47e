package spikemlp.benchmark.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.benchmark.Machine;
import spikemlp.benchmark.kernel.KernelReport;
import spikemlp.benchmark.kernel.KernelRuns;

@Command(
    name = "train",
    description =
        "Times training steps and evaluation against libtorch: the same network, weights and"
            + " batch, gradients compared first, both warmed up, rounds in turn. Then the core"
            + " alone over threads, T and batch, and its kernels. Exit status 1 if the gradients"
            + " differ.",
    footer = "Nothing else should run on the machine meanwhile.")
final class TrainBenchmark implements Callable<Integer> {

  private static final String SCALING = "scaling";
  private static final String KERNELS = "kernels";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result there.")
  private @Nullable Path json;

  @Option(names = "--quick", description = "Fewer and shorter rounds: rough figures.")
  private boolean quick;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = "Only these: small-32, spe-60, wide-64, scaling, kernels.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads both compute with; all cores if not given.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() throws IOException, RunnerException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<Workload> workloads = workloads();
    try (TemporaryDirectory directory = TemporaryDirectory.create()) {
      Report report = run(workloads, new Inputs(directory.path()), err);
      report.lines().forEach(out::println);
      out.flush();
      if (json != null) {
        report.write(json);
      }
      return 0;
    }
  }

  private List<Workload> workloads() {
    List<Workload> chosen =
        Workload.all().stream()
            .filter(workload -> only.isEmpty() || only.contains(workload.name()))
            .toList();
    for (String name : only) {
      if (!List.of(SCALING, KERNELS).contains(name)
          && Workload.all().stream().noneMatch(workload -> workload.name().equals(name))) {
        throw new IllegalArgumentException(
            "nothing to measure is named '"
                + name
                + "'; there are "
                + Workload.all().stream().map(Workload::name).toList()
                + ", "
                + SCALING
                + " and "
                + KERNELS);
      }
    }
    return chosen;
  }

  private Report run(List<Workload> workloads, Inputs inputs, PrintWriter err)
      throws IOException, RunnerException {
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    Machine machine = Machine.here();
    List<Comparison> comparisons = new ArrayList<>();
    Duel duel = new Duel(inputs, effort, threads, line -> say(err, line));
    for (Workload workload : workloads) {
      comparisons.addAll(duel.measure(workload));
    }
    List<Scaling> scaling =
        chosen(SCALING)
            ? new ScalingRuns(inputs, effort, threads, line -> say(err, line)).measure()
            : List.of();
    Optional<KernelReport> kernels =
        chosen(KERNELS)
            ? Optional.of(new KernelRuns(quick, line -> say(err, line)).measure())
            : Optional.empty();
    return new Report(
        machine,
        version(Contestant.core(threads), inputs),
        workloads.isEmpty() ? "" : version(Contestant.libtorch(Contestant.Allocator.STOCK), inputs),
        quick,
        comparisons,
        scaling,
        kernels);
  }

  private boolean chosen(String name) {
    return only.isEmpty() || only.contains(name);
  }

  private static String version(Contestant contestant, Inputs inputs) {
    try (WorkerProcess worker =
        new WorkerProcess(contestant, inputs.directory().resolve("worker.log"))) {
      return worker.ready().version();
    }
  }

  private static void say(PrintWriter err, String line) {
    err.println(line);
    err.flush();
  }
}
