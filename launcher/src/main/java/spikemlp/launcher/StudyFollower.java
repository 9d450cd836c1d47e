package spikemlp.launcher;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.study.RunResults;
import spikemlp.contract.study.StudyState;
import spikemlp.contract.study.StudyView;

/**
 * Follows a study: on a terminal one line written over, and a line that stays for each run that has
 * ended. Mutable; one thread.
 */
final class StudyFollower {

  private static final int FAILURES_ALLOWED = 20;
  private static final long PAUSE_MILLIS = 1000;

  /** A run with the label of its cell. */
  private record Labelled(String cell, StudyView.Run run) {
    String name() {
      return cell + ", seed " + run.seed();
    }
  }

  private final Api api;
  private final Terminal terminal;
  private final Set<String> shown = new HashSet<>();

  StudyFollower(Api api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  /** Shows what happens until the study has ended; returns it then. */
  StudyView follow(String id) {
    int failures = 0;
    while (true) {
      try {
        StudyView study = api.get("/api/v1/studies/" + id, StudyView.class);
        show(study);
        if (study.state().ended()) {
          return study;
        }
        failures = 0;
      } catch (ApiException e) {
        failures++;
        if (failures > FAILURES_ALLOWED) {
          throw e;
        }
      }
      pause();
    }
  }

  private void show(StudyView study) {
    List<Labelled> runs =
        study.cells().stream()
            .flatMap(cell -> cell.runs().stream().map(run -> new Labelled(cell.label(), run)))
            .toList();
    long ended = runs.stream().filter(run -> run.run().state().ended()).count();
    for (Labelled run : runs) {
      if (run.run().state().ended() && shown.add(run.name())) {
        terminal.line(ended(run, shown.size(), runs.size()));
      }
    }
    runs.stream()
        .filter(run -> run.run().state() == StudyState.RUNNING)
        .findFirst()
        .ifPresent(run -> terminal.status(running(run, runs, ended)));
  }

  private static String ended(Labelled run, int number, int all) {
    RunResults results = run.run().results();
    String outcome =
        results == null
            ? run.run().state() + (run.run().failure() == null ? "" : ": " + run.run().failure())
            : String.format(
                Locale.ROOT,
                "accuracy %s  %s  firing rate %.3f  trained %s",
                Figures.percent(results.accuracy()),
                Figures.energy(results.energyPicojoules()),
                results.firingRate(),
                Figures.duration(results.trainSeconds()));
    return String.format(Locale.ROOT, "  %3d/%d  %s  %s", number, all, run.name(), outcome);
  }

  private String running(Labelled run, List<Labelled> runs, long ended) {
    Optional<JobProgress> progress =
        Optional.ofNullable(run.run().jobId())
            .map(job -> api.get("/api/v1/training-jobs/" + job, TrainingJob.class).progress());
    double mean =
        runs.stream()
            .map(other -> other.run().results())
            .filter(Objects::nonNull)
            .mapToDouble(RunResults::trainSeconds)
            .average()
            .orElse(Double.NaN);
    double here = progress.map(JobProgress::secondsLeft).orElse(0.0);
    String left =
        Double.isNaN(mean)
            ? ""
            : "  about " + Figures.duration(here + mean * (runs.size() - ended - 1)) + " left";
    return String.format(
        Locale.ROOT,
        "  %3d/%d  %s  %s%s",
        ended,
        runs.size(),
        run.name(),
        progress.map(StudyFollower::describe).orElse(""),
        left);
  }

  private static String describe(JobProgress p) {
    return p.step().equals("train") && p.batches() > 0
        ? String.format(
            Locale.ROOT,
            "epoch %d/%d  %.0f %%  %.0f images/s",
            Math.max(1, p.epoch()),
            p.epochs(),
            100.0 * p.batch() / p.batches(),
            p.imagesPerSecond())
        : p.step();
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LauncherException("interrupted", e);
    }
  }
}
