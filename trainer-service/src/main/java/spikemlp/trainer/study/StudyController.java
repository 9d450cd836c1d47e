package spikemlp.trainer.study;

import java.net.URI;
import java.security.Principal;
import java.util.List;
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
import spikemlp.trainer.job.SubmitOnce;
import spikemlp.trainer.study.StudyPlanner.PlannedCell;
import spikemlp.trainer.study.StudyStore.Study;

/** Studies over REST. */
@RestController
@RequestMapping("/api/v1/studies")
class StudyController {

  private static final int LISTED = 50;

  private final StudyPlanner planner;
  private final StudyStore store;
  private final StudyViews views;
  private final SubmitOnce once;

  StudyController(StudyPlanner planner, StudyStore store, StudyViews views, SubmitOnce once) {
    this.planner = planner;
    this.store = store;
    this.views = views;
    this.once = once;
  }

  /** Queues a study; the same key with the same body again answers with the study made before. */
  @PostMapping
  ResponseEntity<StudyView> submit(
      @RequestBody StudyRequest request,
      @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
      Principal caller) {
    String submitter = caller.getName();
    Study study =
        once.submit(
            "study",
            submitter,
            key,
            request,
            used ->
                store
                    .submittedWith(submitter, used)
                    .map(made -> new SubmitOnce.Made<>(made.id(), made.request(), made)),
            () -> queued(request, submitter, key));
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/studies/" + study.id()))
        .body(views.of(study));
  }

  private Study queued(StudyRequest request, String submitter, @Nullable String key) {
    List<PlannedCell> cells = planner.plan(request);
    String id = UUID.randomUUID().toString();
    if (!store.submit(id, request, cells, submitter, key)) {
      throw SubmitOnce.inUse();
    }
    return find(id);
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
