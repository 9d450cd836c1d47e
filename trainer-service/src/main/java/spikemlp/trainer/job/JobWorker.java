package spikemlp.trainer.job;

import java.io.IOException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.JobState;
import spikemlp.problem.DatabaseOutage;
import spikemlp.trainer.TrainerProperties;
import spikemlp.trainer.dataset.DataSets;
import spikemlp.trainer.job.JobQueue.Claim;

/**
 * Runs one claimed job to its end on the caller's thread: begins its Batch job, or makes an
 * interrupted one restartable and goes on with it, then records how it ended.
 */
@Component
class JobWorker {

  private static final Logger log = LoggerFactory.getLogger(JobWorker.class);

  /** The key under which the log's context names the job that a thread runs. */
  static final String MDC_JOB = "job";

  /**
   * What Batch notes in a recovered execution; a restart inherits it, and a second recovery would
   * then do nothing.
   */
  private static final String RECOVERED = "batch.recovered";

  private static final Set<BatchStatus> RESTARTABLE =
      Set.of(BatchStatus.STOPPED, BatchStatus.FAILED);

  private final Map<String, Job> flows;
  private final JobOperator operator;
  private final JobRepository repository;
  private final JobQueue queue;
  private final RunningJobs running;
  private final DataSets dataSets;
  private final StartVersions starts;
  private final TrainingLimits limits;
  private final JobFiles files;
  private final TrainerMetrics metrics;
  private final TrainerProperties properties;
  private final Clock clock;

  JobWorker(
      List<Job> flows,
      JobOperator operator,
      JobRepository repository,
      JobQueue queue,
      RunningJobs running,
      DataSets dataSets,
      StartVersions starts,
      TrainingLimits limits,
      JobFiles files,
      TrainerMetrics metrics,
      TrainerProperties properties,
      Clock clock) {
    this.flows = flows.stream().collect(Collectors.toMap(Job::getName, Function.identity()));
    this.operator = operator;
    this.repository = repository;
    this.queue = queue;
    this.running = running;
    this.dataSets = dataSets;
    this.starts = starts;
    this.limits = limits;
    this.files = files;
    this.metrics = metrics;
    this.properties = properties;
    this.clock = clock;
  }

  /**
   * Runs a job. If the database goes away meanwhile the job keeps its state; its lease runs out and
   * it is claimed again.
   *
   * @throws org.springframework.dao.DataAccessException if the end could not be recorded
   */
  void run(Claim claim) {
    MDC.put(MDC_JOB, claim.job());
    try (RunningJob job = new RunningJob(claim, files.directory(claim.job()), dataSets, starts)) {
      running.add(job);
      try {
        if (claim.before() == JobState.QUEUED) {
          metrics.waited(claim.queuedSeconds());
        }
        log.info("job begins, fence {}, was {}", claim.fence(), claim.before());
        run(claim, job);
      } finally {
        running.remove(job);
      }
    } finally {
      MDC.remove(MDC_JOB);
    }
  }

  private void run(Claim claim, RunningJob job) {
    if (claim.before() == JobState.STOPPING) {
      end(job, JobState.STOPPED, Optional.empty());
      return;
    }
    if (claim.takeovers() > properties.takeovers()) {
      end(
          job,
          JobState.FAILED,
          Optional.of(
              "the trainer died or lost its database %d times in a row without coming further than %d mini-batches; see the trainer's log"
                  .formatted(
                      claim.takeovers(),
                      claim.checkpoint().map(TrainingCheckpoint::batches).orElse(0L))));
      return;
    }
    try {
      queue.goesOn(job);
      record(job, execute(job));
    } catch (LeaseLostException e) {
      log.warn(e.getMessage());
    } catch (JobExecutionException e) {
      fail(job, e);
    }
  }

  private JobExecution execute(RunningJob job) throws JobExecutionException {
    JobParameters parameters =
        new JobParametersBuilder().addString(TrainingSteps.JOB_ID, job.id()).toJobParameters();
    String flow = TrainingSteps.name(job.kind());
    JobExecution last = repository.getLastJobExecution(flow, parameters);
    if (last == null) {
      return operator.start(Objects.requireNonNull(flows.get(flow)), parameters);
    }
    if (last.getStatus() == BatchStatus.COMPLETED) {
      return last;
    }
    makeRestartable(last);
    return operator.restart(last);
  }

  /**
   * Declares an execution whose process died, or lost its database at a commit, FAILED. Batch
   * records the end of a step and that of its job one after the other, so that either may be
   * missing; the lease says that neither runs.
   */
  private void makeRestartable(JobExecution execution) {
    if (execution.getStatus().isRunning()) {
      execution.getExecutionContext().remove(RECOVERED);
      operator.recover(execution);
    }
    for (StepExecution step : execution.getStepExecutions()) {
      if (step.getStatus().isRunning() || step.getStatus() == BatchStatus.UNKNOWN) {
        // Checkpoint and position were committed together or not at all: either way they agree.
        step.setStatus(BatchStatus.FAILED);
        step.setEndTime(LocalDateTime.now(clock));
        repository.update(step);
      }
    }
    if (!RESTARTABLE.contains(execution.getStatus())) {
      execution.setStatus(BatchStatus.FAILED);
      execution.setEndTime(LocalDateTime.now(clock));
      repository.update(execution);
    }
  }

  private void record(RunningJob job, JobExecution execution) {
    switch (job.stopReason()) {
      case LEASE_LOST -> throw new LeaseLostException(job.id());
      case NO, REQUESTED, SHUTDOWN, TIME_LIMIT -> {}
    }
    if (execution.getStatus() == BatchStatus.COMPLETED) {
      Optional<String> difference = job.notReproduced();
      end(job, difference.isPresent() ? JobState.FAILED : JobState.COMPLETED, difference);
    } else if (execution.getStatus() == BatchStatus.STOPPED) {
      switch (job.stopReason()) {
        case SHUTDOWN -> {
          queue.giveBack(job);
          log.info("job goes back to the queue");
        }
        case TIME_LIMIT -> end(job, JobState.FAILED, Optional.of(tooLong(job)));
        case NO, REQUESTED, LEASE_LOST -> end(job, JobState.STOPPED, Optional.empty());
      }
    } else {
      fail(job, cause(execution));
    }
  }

  private String tooLong(RunningJob job) {
    return "it ran longer than its limit of %d s (limits.maxRuntimeSeconds, or spikemlp.trainer.max-runtime); %s"
        .formatted(
            limits.maxRuntime(job.request()).orElseThrow().toSeconds(),
            job.checkpoint()
                .map(kept ->
                    "what %d mini-batches taught it is kept: :resume goes on for as long again, :export makes a version of it"
                        .formatted(kept.batches()))
                .orElse(":resume begins anew"));
  }

  /** What ended an execution: the database if it had a part in it, for then the job goes on. */
  private static Throwable cause(JobExecution execution) {
    List<Throwable> failures =
        Stream.concat(
                execution.getStepExecutions().stream()
                    .flatMap(step -> step.getFailureExceptions().stream()),
                execution.getFailureExceptions().stream())
            .toList();
    return failures.stream()
        .filter(FailureReason::isDatabaseOutage)
        .findFirst()
        .or(() -> failures.stream().findFirst())
        .orElseGet(() -> new IllegalStateException("the Batch job ended " + execution.getStatus()));
  }

  private void fail(RunningJob job, Throwable failure) {
    if (FailureReason.isDatabaseOutage(failure)) {
      log.warn("job interrupted: {}", DatabaseOutage.reason(failure), failure);
      return;
    }
    end(
        job,
        JobState.FAILED,
        Optional.of(
            FailureReason.of(
                failure, job.preparedIfAny(), properties.workDirectory().toAbsolutePath())));
  }

  private void end(RunningJob job, JobState state, Optional<String> failure) {
    queue.end(job, state, failure.orElse(null));
    log.info("job ends {}{}", state, failure.map(reason -> ": " + reason).orElse(""));
    try {
      job.deleteFilesExcept(
          state == JobState.COMPLETED
              ? Optional.empty()
              : job.checkpoint().map(TrainingCheckpoint::file));
    } catch (IOException e) {
      log.warn("the files of the job could not be deleted", e);
    }
  }
}
