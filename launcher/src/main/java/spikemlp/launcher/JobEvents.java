package spikemlp.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.TrainingJob;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows a training job: its event stream, taken up again at the last event where it breaks, until
 * the job has ended.
 */
final class JobEvents {

  private static final int FAILURES_ALLOWED = 20;
  private static final long PAUSE_MILLIS = 500;

  private final Api api;
  private final String job;
  private final ProgressView view;
  private final JsonMapper json = JsonMapper.shared();
  private @Nullable String lastId;

  JobEvents(Api api, String job, ProgressView view) {
    this.api = api;
    this.job = job;
    this.view = view;
  }

  /** Shows what happens until the job has ended; returns it then. */
  TrainingJob follow() {
    String path = "/api/v1/training-jobs/" + job;
    for (int failures = 0; ; failures++) {
      try (Stream<String> lines = api.stream(path + "/events", lastId)) {
        Optional<TrainingJob> ended = read(lines.iterator());
        if (ended.isPresent()) {
          return ended.get();
        }
      } catch (IOException | UncheckedIOException e) {
        if (failures >= FAILURES_ALLOWED) {
          throw new LauncherException("job " + job + " can no longer be followed", e);
        }
      }
      TrainingJob now = api.get(path, TrainingJob.class);
      if (now.state().ended()) {
        return now;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LauncherException("interrupted", e);
    }
  }

  /** Reads the fields of a Server-Sent Events stream; an empty line ends an event. */
  Optional<TrainingJob> read(Iterator<String> lines) {
    String event = "message";
    StringBuilder data = new StringBuilder();
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          Optional<TrainingJob> ended = dispatch(event, data.toString());
          if (ended.isPresent()) {
            return ended;
          }
        }
        event = "message";
        data.setLength(0);
      } else {
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
        switch (field) {
          case "event" -> event = value;
          case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
          case "id" -> lastId = value;
          case "" -> {} // a comment, to keep the connection open
          default -> {} // fields of later times
        }
      }
    }
    return Optional.empty();
  }

  private Optional<TrainingJob> dispatch(String event, String data) {
    switch (event) {
      case "progress" -> view.progress(json.readValue(data, JobProgress.class));
      case "metric" -> view.metric(json.readValue(data, EpochMetrics.class));
      case "state" -> view.state(json.readTree(data).path("state").asString(""));
      case "end" -> {
        return Optional.of(json.readValue(data, TrainingJob.class));
      }
      default -> {} // events of later times
    }
    return Optional.empty();
  }
}
