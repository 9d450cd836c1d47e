package spikemlp.trainer.job;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/** The jobs that this process runs now, by id; Batch's steps find theirs here. */
@Component
class RunningJobs {

  private final ConcurrentMap<String, RunningJob> jobs = new ConcurrentHashMap<>();

  void add(RunningJob job) {
    jobs.put(job.id(), job);
  }

  void remove(RunningJob job) {
    jobs.remove(job.id(), job);
  }

  RunningJob get(String id) {
    RunningJob job = jobs.get(id);
    if (job == null) {
      throw new IllegalStateException("job " + id + " does not run in this process");
    }
    return job;
  }

  /** Whether this process runs that job now. */
  boolean has(String id) {
    return jobs.containsKey(id);
  }

  Collection<RunningJob> all() {
    return List.copyOf(jobs.values());
  }
}
