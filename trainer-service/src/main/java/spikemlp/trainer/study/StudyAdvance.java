package spikemlp.trainer.study;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import spikemlp.contract.job.JobState;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.trainer.TrainerProperties;
import spikemlp.trainer.job.TrainingJobs;
import spikemlp.trainer.study.StudyStore.DueRun;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Begins the runs that inherit, once their parents have completed: looks into the database every
 * {@code spikemlp.trainer.poll}, so that nothing is lost with the process. Any number of trainers
 * may do so side by side.
 */
@Component
final class StudyAdvance implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(StudyAdvance.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final StudyStore store;
  private final TrainingJobs jobs;
  private final JobJson json;
  private final Duration poll;
  private Optional<ScheduledExecutorService> timer = Optional.empty();

  StudyAdvance(StudyStore store, TrainingJobs jobs, JobJson json, TrainerProperties properties) {
    this.store = store;
    this.jobs = jobs;
    this.json = json;
    this.poll = properties.poll();
  }

  @Override
  public synchronized void start() {
    ScheduledExecutorService started =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("trainer-studies").daemon().factory());
    var _ =
        started.scheduleWithFixedDelay(
            this::advance, poll.toMillis(), poll.toMillis(), TimeUnit.MILLISECONDS);
    timer = Optional.of(started);
  }

  @Override
  public synchronized void stop() {
    timer.ifPresent(running -> {
      running.shutdown();
      try {
        if (!running.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          log.warn("a study's run is still being submitted; its transaction decides");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    timer = Optional.empty();
  }

  @Override
  public synchronized boolean isRunning() {
    return timer.isPresent();
  }

  private void advance() {
    try {
      store.due().forEach(this::begin);
    } catch (RuntimeException e) {
      // It would end the schedule; the database or the registry may be back the next time.
      log.warn("studies could not go on, trying again: {}", e.getMessage());
    }
  }

  private void begin(DueRun run) {
    if (run.parentState() != JobState.COMPLETED || run.parentVersion().isEmpty()) {
      store.fail(
          run,
          "cell '%s', which it inherits from, ended %s with seed %d, so that there is no version to start from"
              .formatted(run.parentLabel(), run.parentState(), run.seed()));
      return;
    }
    try {
      ObjectNode request =
          JobJson.startingFrom(run.request(), run.parentModel(), run.parentVersion().get());
      store.begin(run, jobs.plan(json.read(request)));
    } catch (InvalidConfigurationException e) {
      store.fail(run, String.valueOf(e.getMessage()));
    } catch (JacksonException e) {
      store.fail(run, "the job's request cannot be read: " + e.getOriginalMessage());
    }
  }
}
