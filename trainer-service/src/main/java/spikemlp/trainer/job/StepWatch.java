package spikemlp.trainer.job;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.ItemProcessListener;
import org.springframework.batch.core.listener.ItemWriteListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.JobProgress;

/**
 * Watches every step: shows it as the job's progress, keeps its time, and ends it after the unit of
 * work at hand when the job shall stop ({@code setTerminateOnly} on the step's own thread;
 * JobOperator.stop from another thread breaks a running step).
 */
@Component
class StepWatch
    implements StepExecutionListener,
        ItemProcessListener<Object, Object>,
        ItemWriteListener<Object> {

  private static final Logger log = LoggerFactory.getLogger(StepWatch.class);

  private final RunningJobs jobs;
  private final JobQueue queue;
  private final TrainerMetrics metrics;

  StepWatch(RunningJobs jobs, JobQueue queue, TrainerMetrics metrics) {
    this.jobs = jobs;
    this.queue = queue;
    this.metrics = metrics;
  }

  @Override
  public void beforeStep(StepExecution step) {
    RunningJob job = jobOf(step);
    JobProgress before = job.progress();
    job.progress(
        new JobProgress(
            step.getStepName(),
            before.epoch(),
            before.epochs(),
            before.batch(),
            before.batches(),
            before.loss(),
            before.accuracy(),
            before.imagesPerSecond(),
            0));
    job.beginStep();
    endIfAsked(job, step);
    log.info("step {} begins", step.getStepName());
  }

  /** An item that was given up comes to no write. */
  @Override
  public void afterProcess(Object item, @Nullable Object result) {
    if (result == null) {
      endIfAsked();
    }
  }

  @Override
  public void afterWrite(Chunk<?> items) {
    endIfAsked();
  }

  private void endIfAsked() {
    StepExecution step =
        Objects.requireNonNull(StepSynchronizationManager.getContext()).getStepExecution();
    endIfAsked(jobOf(step), step);
  }

  @Override
  public @Nullable ExitStatus afterStep(StepExecution step) {
    RunningJob job = jobOf(step);
    if (step.getStatus() != BatchStatus.FAILED) {
      queue.spent(job, step.getStepName(), job.secondsInStep());
      metrics.stepped(step.getStepName(), job.secondsInStep());
    }
    log.info("step {} ends {}", step.getStepName(), step.getStatus());
    return null;
  }

  private static void endIfAsked(RunningJob job, StepExecution step) {
    if (job.mustStop()) {
      step.setTerminateOnly();
    }
  }

  private RunningJob jobOf(StepExecution step) {
    return jobs.get(
        Objects.requireNonNull(step.getJobParameters().getString(TrainingSteps.JOB_ID)));
  }
}
