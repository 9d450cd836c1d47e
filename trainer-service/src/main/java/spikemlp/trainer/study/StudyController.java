package spikemlp.trainer.study;

import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.study.StudyRequest;
import spikemlp.contract.study.StudyState;
import spikemlp.contract.study.StudyView;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.study.StudyPlanner.PlannedCell;
import spikemlp.trainer.study.StudyStore.Study;

/** Studies over REST. */
@RestController
@RequestMapping("/api/v1/studies")
class StudyController {

  private static final int LISTED = 50;
  private static final int LONGEST_KEY = 200;

  private final StudyPlanner planner;
  private final StudyStore store;
  private final StudyViews views;

  StudyController(StudyPlanner planner, StudyStore store, StudyViews views) {
    this.planner = planner;
    this.store = store;
    this.views = views;
  }

  /** Queues a study; the same key with the same body again answers with the study made before. */
  @PostMapping
  ResponseEntity<StudyView> submit(
      @RequestBody StudyRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      Principal caller) {
    if (key != null && (key.isBlank() || key.length() > LONGEST_KEY)) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST,
          "invalid-request",
          "an Idempotency-Key has 1 to " + LONGEST_KEY + " characters, not " + key.length());
    }
    Optional<Study> before =
        Optional.ofNullable(key).flatMap(used -> store.submittedWith(caller.getName(), used));
    if (before.isPresent()) {
      return replayed(before.get(), request);
    }
    List<PlannedCell> cells = planner.plan(request);
    String id = UUID.randomUUID().toString();
    if (!store.submit(id, request, cells, caller.getName(), key)) {
      return replayed(
          store.submittedWith(caller.getName(), String.valueOf(key)).orElseThrow(), request);
    }
    return accepted(find(id));
  }

  private ResponseEntity<StudyView> replayed(Study study, StudyRequest request) {
    if (!study.request().equals(request)) {
      throw new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "idempotency-key-reused",
          "the Idempotency-Key was used for study "
              + study.id()
              + " with another body; use a new key for a new study");
    }
    return accepted(study);
  }

  private ResponseEntity<StudyView> accepted(Study study) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/studies/" + study.id()))
        .body(views.of(study));
  }

  /** The newest studies, newest first. */
  @GetMapping
  List<StudyView> list() {
    return store.newest(LISTED).stream().map(views::of).toList();
  }

  @GetMapping("/{id}")
  StudyView get(@PathVariable String id) {
    return views.of(find(id));
  }

  /** The table for people; also what is answered to a caller who takes anything. */
  @GetMapping(path = "/{id}/table", produces = "text/markdown;charset=UTF-8")
  String markdown(@PathVariable String id) {
    return StudyTable.markdown(get(id));
  }

  /** The table for programs. */
  @GetMapping(path = "/{id}/table", produces = "text/csv;charset=UTF-8")
  String csv(@PathVariable String id) {
    return StudyTable.csv(get(id));
  }

  /** Asks every job of a study to stop, and begins no further one. */
  @PostMapping("/{id}:stop")
  StudyView stop(@PathVariable String id) {
    StudyView before = get(id);
    if (before.state() == StudyState.COMPLETED) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "study-ended",
          "study " + id + " is COMPLETED; only a study that has not ended can be stopped");
    }
    store.stop(id);
    return get(id);
  }

  private Study find(String id) {
    return store
        .find(id)
        .orElseThrow(() ->
            new ProblemException(
                HttpStatus.NOT_FOUND, "study-not-found", "there is no study " + id));
  }
}
