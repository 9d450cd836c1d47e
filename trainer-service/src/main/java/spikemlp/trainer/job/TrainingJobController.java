package spikemlp.trainer.job;

import java.net.URI;
import java.security.Principal;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.contract.job.JobState;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobPage;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.problem.ProblemException;

/** Training jobs over REST. */
@RestController
@RequestMapping("/api/v1/training-jobs")
class TrainingJobController {

  private final JobPlanner planner;
  private final JobStore store;
  private final JobList list;
  private final JobDeletion deletion;
  private final SubmitOnce once;
  private final EventStreams streams;

  TrainingJobController(
      JobPlanner planner,
      JobStore store,
      JobList list,
      JobDeletion deletion,
      SubmitOnce once,
      EventStreams streams) {
    this.planner = planner;
    this.store = store;
    this.list = list;
    this.deletion = deletion;
    this.once = once;
    this.streams = streams;
  }

  /** Queues a job; the same key with the same body again answers with the job it made before. */
  @PostMapping
  ResponseEntity<TrainingJob> submit(
      @RequestBody TrainingJobRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      Principal caller) {
    String submitter = caller.getName();
    TrainingJob job =
        once.submit(
            "job",
            submitter,
            key,
            request,
            used ->
                store
                    .submittedWith(submitter, used)
                    .map(made -> new SubmitOnce.Made<>(made.id(), made.request(), made)),
            () -> queued(request, submitter, key));
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/training-jobs/" + job.id()))
        .body(job);
  }

  private TrainingJob queued(TrainingJobRequest request, String submitter, @Nullable String key) {
    JobPlanner.Planned planned = planner.plan(request);
    String id = UUID.randomUUID().toString();
    if (!store.submit(id, request, planned.start(), submitter, key)) {
      throw SubmitOnce.inUse();
    }
    return store.get(id);
  }

  /** The jobs that the query's filters let through, newest first, a page at a time. */
  @GetMapping
  TrainingJobPage list(@RequestParam MultiValueMap<String, String> query) {
    return list.page(JobFilter.of(query));
  }

  @GetMapping("/{id}")
  TrainingJob get(@PathVariable String id) {
    return store.get(id);
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
    store.require(id);
    return streams.open(id, last);
  }

  /** Asks a job to stop after the mini-batch at work; its checkpoint is kept. */
  @PostMapping("/{id}:stop")
  TrainingJob stop(@PathVariable String id) {
    JobState before = store.get(id).state();
    if (before == JobState.COMPLETED || before == JobState.FAILED) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "job-ended",
          "job " + id + " is " + before + "; only a job that has not ended can be stopped");
    }
    store.stop(id);
    return store.get(id);
  }

  /** Deletes a job that has ended, with its metrics, log and files; its version stays. */
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String id) {
    deletion.delete(id);
  }
}
