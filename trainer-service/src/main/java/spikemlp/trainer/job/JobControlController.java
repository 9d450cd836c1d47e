package spikemlp.trainer.job;

import java.net.URI;
import java.security.Principal;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import spikemlp.contract.job.TrainingJob;

/** What can be made of a job that has ended, over REST. */
@RestController
@RequestMapping("/api/v1/training-jobs")
class JobControlController {

  private final JobControl control;
  private final JobStore store;

  JobControlController(JobControl control, JobStore store) {
    this.control = control;
    this.store = store;
  }

  /** Puts a STOPPED or FAILED job back into the queue. */
  @PostMapping("/{id}:resume")
  ResponseEntity<TrainingJob> resume(@PathVariable String id) {
    control.resume(id);
    return accepted(id);
  }

  /** Queues a job that registers what a STOPPED or FAILED one has learnt. */
  @PostMapping("/{id}:export")
  ResponseEntity<TrainingJob> export(@PathVariable String id, Principal caller) {
    return accepted(control.export(id, caller.getName()));
  }

  /** Queues a job that trains again what a COMPLETED one trained, and compares the weights. */
  @PostMapping("/{id}:reproduce")
  ResponseEntity<TrainingJob> reproduce(@PathVariable String id, Principal caller) {
    return accepted(control.reproduce(id, caller.getName()));
  }

  private ResponseEntity<TrainingJob> accepted(String id) {
    return ResponseEntity.accepted()
        .location(URI.create("/api/v1/training-jobs/" + id))
        .body(store.get(id));
  }
}
