package spikemlp.trainer.job;

import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.problem.ProblemException;

/** Training jobs over REST. */
@RestController
@RequestMapping("/api/v1/training-jobs")
class TrainingJobController {

  private static final int LISTED = 200;
  private static final int LONGEST_KEY = 200;

  private final JobPlanner planner;
  private final JobStore store;
  private final EventStreams streams;

  TrainingJobController(JobPlanner planner, JobStore store, EventStreams streams) {
    this.planner = planner;
    this.store = store;
    this.streams = streams;
  }

  /** Queues a job; the same key with the same body again answers with the job it made before. */
  @PostMapping
  ResponseEntity<TrainingJob> submit(
      @RequestBody TrainingJobRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      Principal caller) {
    if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST,
          "invalid-request",
          "an Idempotency-Key has 1 to " + LONGEST_KEY + " characters, not " + key.length());
    }
    Optional<TrainingJob> before =
        Optional.ofNullable(key).flatMap(used -> store.submittedWith(caller.getName(), used));
    if (before.isPresent()) {
      return replayed(before.get(), request);
    }
    JobPlanner.Planned planned = planner.plan(request);
    String id = UUID.randomUUID().toString();
    if (!store.submit(id, request, planned.start(), caller.getName(), key)) {
      return replayed(
          store.submittedWith(caller.getName(), String.valueOf(key)).orElseThrow(), request);
    }
    return accepted(find(id));
  }

  private static ResponseEntity<TrainingJob> replayed(TrainingJob job, TrainingJobRequest request) {
    if (!job.request().equals(request)) {
      throw new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "idempotency-key-reused",
          "the Idempotency-Key was used for job "
              + job.id()
              + " with another body; use a new key for a new job");
    }
    return accepted(job);
  }

  private static ResponseEntity<TrainingJob> accepted(TrainingJob job) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/training-jobs/" + job.id()))
        .body(job);
  }

  /** The newest jobs, newest first. */
  @GetMapping
  List<TrainingJob> list() {
    return store.newest(LISTED);
  }

  @GetMapping("/{id}")
  TrainingJob get(@PathVariable String id) {
    return find(id);
  }

  /** The job's events as they happen, from the one after {@code Last-Event-ID} on. */
  @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter events(
      @PathVariable String id,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
    Optional<Long> last = Optional.empty();
    if (lastEventId != null && !lastEventId.isBlank()) {
      if (!lastEventId.matches("[0-9]{1,18}")) {
        throw new ProblemException(
            HttpStatus.BAD_REQUEST,
            "invalid-request",
            "Last-Event-ID is the number of an event of this job, not '" + lastEventId + "'");
      }
      last = Optional.of(Long.valueOf(lastEventId));
    }
    return streams.open(find(id).id(), last);
  }

  /** Asks a job to stop after the mini-batch at work; its checkpoint is kept. */
  @PostMapping("/{id}:stop")
  TrainingJob stop(@PathVariable String id) {
    JobState before = find(id).state();
    if (before == JobState.COMPLETED || before == JobState.FAILED) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "job-ended",
          "job " + id + " is " + before + "; only a job that has not ended can be stopped");
    }
    store.stop(id);
    return find(id);
  }

  private TrainingJob find(String id) {
    return store
        .find(id)
        .orElseThrow(() -> JobStore.unknown(id));
  }
}
