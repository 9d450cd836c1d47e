package spikemlp.launcher;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import spikemlp.contract.card.Parent;
import spikemlp.contract.job.JobKind;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobPage;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;

/** A training job's way through the API: submitted, followed, its version made the champion. */
final class Training {

  static final String CHAMPION = "champion";

  private final Api api;
  private final Terminal terminal;

  Training(Api api, Terminal terminal) {
    this.api = api;
    this.terminal = terminal;
  }

  /**
   * Submits a job and follows it to its end, or one of the same request that has not ended yet.
   *
   * @throws LauncherException with the job's reason if it did not complete
   */
  TrainingJob run(TrainingJobRequest request) {
    Optional<TrainingJob> begun = unfinished(request);
    String id =
        begun.orElseGet(() -> api.post("/api/v1/training-jobs", request, TrainingJob.class)).id();
    terminal.line("");
    terminal.line(
        (begun.isPresent() ? "Going on with " : "Training ")
            + request.name()
            + " (job "
            + id
            + ")");
    TrainingJob job =
        new JobEvents(api, id, new ProgressView(terminal, Clock.systemUTC())).follow();
    return switch (job.state()) {
      case COMPLETED -> job;
      case FAILED ->
          throw new LauncherException(
              "job "
                  + job.id()
                  + " FAILED: "
                  + (job.failure() == null ? "no reason was given" : job.failure()));
      case STOPPED, QUEUED, RUNNING, STOPPING, RECOVERING ->
          throw new LauncherException("job " + job.id() + " ended as " + job.state());
    };
  }

  private Optional<TrainingJob> unfinished(TrainingJobRequest request) {
    if (!ModelReference.isName(request.name())) {
      return Optional.empty(); // submitted, it is refused with what a name is
    }
    String unfinished = "/api/v1/training-jobs?state=QUEUED&state=RUNNING&state=RECOVERING";
    return api
        .get(unfinished + "&limit=200&name=" + request.name(), TrainingJobPage.class)
        .items()
        .stream()
        .filter(job -> job.kind() == JobKind.TRAIN)
        .map(job -> api.get("/api/v1/training-jobs/" + job.id(), TrainingJob.class))
        .filter(job -> job.request().equals(request))
        .findFirst();
  }

  /** The version that a completed job registered, with alias champion pointing at it. */
  ModelVersion promote(TrainingJob job) {
    String model = "/api/v1/models/" + job.request().name();
    if (job.version() == null) {
      throw new LauncherException("job " + job.id() + " completed without a version");
    }
    api.put(model + "/aliases/" + CHAMPION, Map.of("version", job.version()), Object.class);
    ModelVersion version = api.get(model + "/versions/" + job.version(), ModelVersion.class);
    terminal.line(
        "  registered "
            + version.model()
            + ":"
            + version.version()
            + ", now "
            + version.model()
            + "@"
            + CHAMPION);
    Parent parent = version.card().provenance().parent();
    if (parent != null) {
      terminal.line("  from " + lineage(parent, version.card().network().timeSteps()));
    }
    return version;
  }

  /** Where a version's weights came from, such as {@code digits:3 (time inheritance T 2 → 4)}. */
  static String lineage(Parent parent, int timeSteps) {
    return parent.model()
        + ":"
        + parent.version()
        + switch (parent.mode()) {
          case INHERIT ->
              parent.timeSteps() == timeSteps
                  ? " (trained on)"
                  : " (time inheritance T " + parent.timeSteps() + " → " + timeSteps + ")";
          case FINE_TUNE -> " (fine-tuned)";
        };
  }
}
