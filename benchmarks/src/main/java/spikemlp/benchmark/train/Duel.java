package spikemlp.benchmark.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import spikemlp.benchmark.ProcessMemory;

/**
 * Measures workloads on the core and on the peer: gradients first, then the peer's settings, then
 * rounds in turn, one worker idle while the other computes.
 *
 * @param inputs where the files go
 * @param effort how long
 * @param threads of both
 * @param progress told what is going on
 */
record Duel(Inputs inputs, Effort effort, int threads, Consumer<String> progress) {

  /** The largest error in double precision with which one still measures. */
  static final double TOLERANCE = 1e-6;

  private static final int GRADIENT_BATCH = 2;

  /** A setting of the peer's, in a process of its own kind. */
  private record Setting(Contestant.Allocator allocator, int threads, String name) {
    @Override
    public String toString() {
      return name
          + " threads="
          + threads
          + (allocator == Contestant.Allocator.STOCK ? " allocator=stock" : "");
    }
  }

  /** Both workers' gradients in a precision. */
  GradientComparison gradients(Workload workload, Request.NumberFormat format) {
    progress.accept(workload.name() + ": gradients in " + format + " precision");
    Workload small = workload.withBatch(GRADIENT_BATCH);
    Path ours = inputs.directory().resolve(workload.name() + "." + format + ".ours");
    Path peers = inputs.directory().resolve(workload.name() + "." + format + ".peer");
    gradients(Contestant.core(threads), small, format, ours);
    gradients(Contestant.libtorch(Contestant.Allocator.STOCK), small, format, peers);
    return GradientComparison.of(ours, peers);
  }

  private void gradients(
      Contestant contestant, Workload workload, Request.NumberFormat format, Path file) {
    try (WorkerProcess worker = start(contestant)) {
      worker.load(inputs.load(workload, format, threads, worker.ready().settings().getFirst()));
      worker.gradients(file);
    }
  }

  private WorkerProcess start(Contestant contestant) {
    return new WorkerProcess(contestant, inputs.directory().resolve("worker.log"));
  }

  /**
   * The same gradients first.
   *
   * @throws WorkerException if the two do not compute the same network
   */
  List<Comparison> measure(Workload workload) {
    GradientComparison exact = gradients(workload, Request.NumberFormat.DOUBLE);
    if (!(exact.error() <= TOLERANCE) || exact.spikesDiffering() > 0) {
      throw new WorkerException(
          "%s: the two do not compute the same network: error %.2e in %s, spikes differ in %s"
              .formatted(workload.name(), exact.error(), exact.worst(), exact.differingSpikes()));
    }
    GradientComparison single = gradients(workload, Request.NumberFormat.SINGLE);
    List<Comparison> comparisons = new ArrayList<>();
    for (Task task : Task.values()) {
      Comparison comparison = measure(workload, task, exact, single);
      progress.accept(
          "%s: %s, ours %.0f ms, the peer %.0f ms, ratio %.2f"
              .formatted(
                  comparison.name(),
                  comparison.task(),
                  comparison.ours(),
                  comparison.peer(),
                  comparison.ratio()));
      comparisons.add(comparison);
    }
    return comparisons;
  }

  private Comparison measure(
      Workload workload, Task task, GradientComparison exact, GradientComparison single) {
    Map<Setting, Double> tried = tune(workload, task);
    Setting best = Collections.min(tried.entrySet(), Map.Entry.comparingByValue()).getKey();
    progress.accept(workload.name() + ": " + task + ", the peer with " + best);
    try (WorkerProcess ours = start(Contestant.core(threads));
        WorkerProcess peer = start(Contestant.libtorch(best.allocator()))) {
      ours.load(
          inputs.load(
              workload, Request.NumberFormat.SINGLE, threads, ours.ready().settings().getFirst()));
      peer.load(inputs.load(workload, Request.NumberFormat.SINGLE, best.threads(), best.name()));
      ours.run(task, effort.warmUp());
      peer.run(task, effort.warmUp());
      List<Double> ourRounds = new ArrayList<>();
      List<Double> peerRounds = new ArrayList<>();
      List<Double> ourSteps = new ArrayList<>();
      List<Double> peerSteps = new ArrayList<>();
      long heapBytes = 0;
      for (int round = 0; round < effort.rounds(); round++) {
        Reply.Times ourTimes = ours.run(task, effort.steps());
        Reply.Times peerTimes = peer.run(task, effort.steps());
        heapBytes = ourTimes.heapBytes();
        ourRounds.add(Collections.min(ourTimes.milliseconds()));
        peerRounds.add(Collections.min(peerTimes.milliseconds()));
        ourSteps.addAll(ourTimes.milliseconds());
        peerSteps.addAll(peerTimes.milliseconds());
      }
      Rounds our = new Rounds(ourRounds);
      Rounds peers = new Rounds(peerRounds);
      ProcessMemory ourMemory = ours.memory();
      ProcessMemory peerMemory = peer.memory();
      Map<String, Double> triedByName = new LinkedHashMap<>();
      tried.forEach((setting, milliseconds) -> triedByName.put(setting.toString(), milliseconds));
      return new Comparison(
          workload.name(),
          task.label(),
          workload.batch(),
          peers.medianOver(our),
          Rounds.median(peerSteps) / Rounds.median(ourSteps),
          our.median(),
          peers.median(),
          our,
          peers,
          exact.error(),
          single.error(),
          single.differingSpikes(),
          ourMemory.peakResidentBytes(),
          peerMemory.peakResidentBytes(),
          ourMemory.residentBytes(),
          peerMemory.residentBytes(),
          heapBytes,
          best.toString(),
          triedByName);
    }
  }

  /** The least time of each of the peer's settings; one thread and the stock allocator last. */
  private Map<Setting, Double> tune(Workload workload, Task task) {
    Map<Setting, Double> tried = new LinkedHashMap<>();
    try (WorkerProcess peer = start(Contestant.libtorch(Contestant.Allocator.REUSING))) {
      for (String name : peer.ready().settings()) {
        attempt(tried, peer, workload, task, Contestant.Allocator.REUSING, threads, name);
      }
      String best = Collections.min(tried.entrySet(), Map.Entry.comparingByValue()).getKey().name();
      for (int fewer = 1; fewer < threads; fewer++) {
        attempt(tried, peer, workload, task, Contestant.Allocator.REUSING, fewer, best);
      }
    }
    try (WorkerProcess peer = start(Contestant.libtorch(Contestant.Allocator.STOCK))) {
      String best = Collections.min(tried.entrySet(), Map.Entry.comparingByValue()).getKey().name();
      attempt(tried, peer, workload, task, Contestant.Allocator.STOCK, threads, best);
    }
    return tried;
  }

  private void attempt(
      Map<Setting, Double> tried,
      WorkerProcess peer,
      Workload workload,
      Task task,
      Contestant.Allocator allocator,
      int threadsUsed,
      String name) {
    Setting setting = new Setting(allocator, threadsUsed, name);
    peer.load(inputs.load(workload, Request.NumberFormat.SINGLE, threadsUsed, name));
    List<Double> times = peer.run(task, effort.tuning()).milliseconds();
    double least = Collections.min(times.subList(1, times.size()));
    progress.accept(
        "%s: %s, the peer with %s: %.0f ms".formatted(workload.name(), task, setting, least));
    tried.put(setting, least);
  }
}
