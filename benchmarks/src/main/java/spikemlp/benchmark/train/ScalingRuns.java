package spikemlp.benchmark.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Ours alone: training steps of the small workload with one number varied.
 *
 * @param inputs where the files go
 * @param effort how long
 * @param threads where they are not what varies
 * @param progress told what is going on
 */
record ScalingRuns(Inputs inputs, Effort effort, int threads, Consumer<String> progress) {

  private static final List<Integer> TIME_STEPS = List.of(1, 2, 4, 8);
  private static final List<Integer> BATCHES = List.of(8, 16, 32, 64, 128);

  /** One value of what varies. */
  private record Run(String vary, int value, Workload workload, int threads) {}

  /** Threads and T, each set's workers in turn; then the batch, one worker after the other. */
  List<Scaling> measure() {
    Workload small = Workload.SMALL;
    List<Scaling> all = new ArrayList<>();
    List<Run> runs = new ArrayList<>();
    for (int n = 1; n <= threads; n *= 2) {
      runs.add(new Run("threads", n, small, n));
    }
    all.addAll(inTurn(runs));
    runs.clear();
    for (int steps : TIME_STEPS) {
      runs.add(new Run("time_steps", steps, small.withTimeSteps(steps), threads));
    }
    all.addAll(inTurn(runs));
    for (int batch : BATCHES) {
      all.addAll(inTurn(List.of(new Run("batch", batch, small.withBatch(batch), threads))));
    }
    return all;
  }

  private List<Scaling> inTurn(List<Run> runs) {
    List<WorkerProcess> workers = new ArrayList<>();
    try {
      List<List<Double>> rounds = new ArrayList<>();
      for (Run run : runs) {
        progress.accept("scaling: " + run.vary() + " " + run.value());
        WorkerProcess worker =
            new WorkerProcess(
                Contestant.core(run.threads()), inputs.directory().resolve("worker.log"));
        workers.add(worker);
        worker.load(
            inputs.load(
                run.workload(),
                Request.NumberFormat.SINGLE,
                run.threads(),
                worker.ready().settings().getFirst()));
        worker.run(Task.TRAIN, effort.warmUp());
        rounds.add(new ArrayList<>());
      }
      for (int round = 0; round < effort.scalingRounds(); round++) {
        for (int i = 0; i < runs.size(); i++) {
          Reply.Times times = workers.get(i).run(Task.TRAIN, effort.steps());
          rounds.get(i).add(Collections.min(times.milliseconds()));
        }
      }
      List<Scaling> results = new ArrayList<>();
      for (int i = 0; i < runs.size(); i++) {
        results.add(result(runs.get(i), new Rounds(rounds.get(i))));
      }
      return results;
    } finally {
      workers.forEach(WorkerProcess::close);
    }
  }

  private static Scaling result(Run run, Rounds rounds) {
    double milliseconds = rounds.median();
    return new Scaling(
        run.vary(), run.value(), milliseconds, rounds, 1e3 * run.workload().batch() / milliseconds);
  }
}
