package spikemlp.trainer.study;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.JobState;
import spikemlp.contract.study.CellResults;
import spikemlp.contract.study.RunResults;
import spikemlp.contract.study.StudyState;
import spikemlp.contract.study.StudyView;
import spikemlp.trainer.job.TrainingJobs;
import spikemlp.trainer.job.TrainingJobs.Outcome;
import spikemlp.trainer.study.StudyGrid.GridCell;
import spikemlp.trainer.study.StudyStore.Run;
import spikemlp.trainer.study.StudyStore.Study;

/** Makes the view of a study from its runs and their jobs. */
@Component
final class StudyViews {

  /** A run's place. */
  private record Place(int cell, long seed) {}

  private final StudyStore store;
  private final TrainingJobs jobs;

  StudyViews(StudyStore store, TrainingJobs jobs) {
    this.store = store;
    this.jobs = jobs;
  }

  StudyView of(Study study) {
    Map<Place, Run> runs = new HashMap<>();
    store.runs(study.id()).forEach(run -> runs.put(new Place(run.cell(), run.seed()), run));
    Map<String, Outcome> outcomes =
        jobs.outcomes(runs.values().stream().flatMap(run -> run.job().stream()).toList());
    List<GridCell> grid = StudyGrid.of(study.request().axes());
    List<StudyView.Cell> cells = new ArrayList<>();
    for (GridCell cell : grid) {
      List<StudyView.Run> views =
          study.request().seeds().stream()
              .map(seed -> run(study, grid, cell, seed, runs, outcomes))
              .toList();
      List<RunResults> results =
          views.stream().map(StudyView.Run::results).filter(Objects::nonNull).toList();
      OptionalInt parent = cell.parent();
      cells.add(
          new StudyView.Cell(
              cell.label(),
              cell.labels(),
              StudyGrid.model(study.request().name(), cell),
              parent.isPresent() ? grid.get(parent.getAsInt()).label() : null,
              cellState(views.stream().map(StudyView.Run::state).toList()),
              views,
              results.isEmpty() ? null : CellResults.of(results)));
    }
    StudyState state =
        studyState(study.stopped(), cells.stream().map(StudyView.Cell::state).toList());
    return new StudyView(
        study.id(),
        study.request().name(),
        state,
        study.request(),
        cells,
        study.createdAt(),
        state.ended() ? lastEnd(outcomes.values()).orElse(study.createdAt()) : null);
  }

  private static StudyView.Run run(
      Study study,
      List<GridCell> grid,
      GridCell cell,
      long seed,
      Map<Place, Run> runs,
      Map<String, Outcome> outcomes) {
    Run run = Objects.requireNonNull(runs.get(new Place(cell.index(), seed)));
    Optional<Outcome> outcome = run.job().map(outcomes::get);
    StudyState state =
        run.failure().isPresent()
            ? StudyState.FAILED
            : outcome
                .map(job -> runState(job.state()))
                .orElse(study.stopped() ? StudyState.STOPPED : StudyState.WAITING);
    return new StudyView.Run(
        seed,
        state,
        run.job().orElse(null),
        outcome.flatMap(Outcome::version).orElse(null),
        run.failure().or(() -> outcome.flatMap(Outcome::failure)).orElse(null),
        results(grid, cell, seed, runs, outcomes));
  }

  /** A run's results after those of its ancestors. */
  private static @Nullable RunResults results(
      List<GridCell> grid,
      GridCell cell,
      long seed,
      Map<Place, Run> runs,
      Map<String, Outcome> outcomes) {
    Run run = Objects.requireNonNull(runs.get(new Place(cell.index(), seed)));
    Optional<RunResults> own = run.job().map(outcomes::get).flatMap(Outcome::results);
    OptionalInt parent = cell.parent();
    if (own.isEmpty() || parent.isEmpty()) {
      return own.orElse(null);
    }
    RunResults before = results(grid, grid.get(parent.getAsInt()), seed, runs, outcomes);
    return own.get().after(before == null ? 0 : before.imageStepsInAll());
  }

  private static StudyState runState(JobState job) {
    return switch (job) {
      case QUEUED -> StudyState.QUEUED;
      case RUNNING, RECOVERING -> StudyState.RUNNING;
      case STOPPING -> StudyState.STOPPING;
      case STOPPED -> StudyState.STOPPED;
      case COMPLETED -> StudyState.COMPLETED;
      case FAILED -> StudyState.FAILED;
    };
  }

  /** FAILED or STOPPED where one of the runs is and all have ended; else the liveliest's. */
  static StudyState cellState(Collection<StudyState> runs) {
    if (runs.stream().allMatch(StudyState::ended)) {
      return first(runs, StudyState.FAILED, StudyState.STOPPED).orElse(StudyState.COMPLETED);
    }
    if (runs.contains(StudyState.STOPPING)) {
      return StudyState.STOPPING;
    }
    boolean begun = runs.contains(StudyState.RUNNING) || runs.stream().anyMatch(StudyState::ended);
    return begun ? StudyState.RUNNING : first(runs, StudyState.QUEUED).orElse(StudyState.WAITING);
  }

  /** COMPLETED once every cell has ended, however. */
  static StudyState studyState(boolean stopped, Collection<StudyState> cells) {
    if (cells.stream().allMatch(StudyState::ended)) {
      return stopped ? StudyState.STOPPED : StudyState.COMPLETED;
    }
    if (stopped) {
      return StudyState.STOPPING;
    }
    boolean waits = cells.stream().allMatch(s -> s == StudyState.QUEUED || s == StudyState.WAITING);
    return waits ? StudyState.QUEUED : StudyState.RUNNING;
  }

  private static Optional<StudyState> first(Collection<StudyState> states, StudyState... wanted) {
    return List.of(wanted).stream().filter(states::contains).findFirst();
  }

  private static Optional<Instant> lastEnd(Collection<Outcome> outcomes) {
    return outcomes.stream().flatMap(outcome -> outcome.endedAt().stream()).max(Instant::compareTo);
  }
}
