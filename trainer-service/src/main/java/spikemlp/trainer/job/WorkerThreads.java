package spikemlp.trainer.job;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.util.unit.DataSize;
import spikemlp.contract.job.JobProgress;
import spikemlp.contract.job.JobState;
import spikemlp.kernel.NativeMemory;
import spikemlp.problem.DatabaseOutage;
import spikemlp.signal.Signals;
import spikemlp.trainer.TrainerProperties;
import spikemlp.trainer.job.JobQueue.Claim;
import spikemlp.trainer.job.RunningJob.Stop;

/**
 * The threads that claim and run jobs, and one that keeps their leases, publishes their progress
 * and brings them stop requests. Stopping waits until every job has saved a checkpoint and gone
 * back to the queue. Without a database they wait for it.
 */
@Component
class WorkerThreads implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(WorkerThreads.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(1);

  private final String owner =
      ManagementFactory.getRuntimeMXBean().getName() + "/" + UUID.randomUUID();
  private final JobQueue queue;
  private final JobWorker worker;
  private final RunningJobs running;
  private final Signals signals;
  private final TrainingLimits limits;
  private final JobFiles files;
  private final TrainerProperties properties;
  private final List<Thread> workers = new CopyOnWriteArrayList<>();
  private Optional<Thread> heart = Optional.empty();
  private volatile boolean stopping;
  private volatile boolean started;

  WorkerThreads(
      JobQueue queue,
      JobWorker worker,
      RunningJobs running,
      Signals signals,
      TrainingLimits limits,
      JobFiles files,
      TrainerProperties properties) {
    this.queue = queue;
    this.worker = worker;
    this.running = running;
    this.signals = signals;
    this.limits = limits;
    this.files = files;
    this.properties = properties;
  }

  @Override
  public void start() {
    stopping = false;
    DataSize most = properties.maxNativeMemory();
    if (most != null && properties.workers() > 0) {
      NativeMemory.limit(most.toBytes());
    }
    if (properties.workers() > 0) {
      Thread.ofVirtual().name("trainer-sweep").start(this::sweep);
    }
    for (int i = 1; i <= properties.workers(); i++) {
      workers.add(Thread.ofPlatform().name("trainer-worker-" + i).start(this::work));
    }
    heart = Optional.of(Thread.ofPlatform().name("trainer-heartbeat").daemon().start(this::beat));
    started = true;
  }

  @Override
  public void stop() {
    stopping = true;
    long end = System.nanoTime() + properties.stopTimeout().toNanos();
    running.all().forEach(job -> job.stop(Stop.SHUTDOWN));
    signals.changed();
    for (Thread worker : workers) {
      join(worker, Duration.ofNanos(Math.max(1_000_000, end - System.nanoTime())));
    }
    workers.clear();
    heart.ifPresent(thread -> join(thread, HEARTBEAT.multipliedBy(2)));
    started = false;
  }

  private static void join(Thread thread, Duration most) {
    try {
      if (!thread.join(most)) {
        log.warn("{} has not stopped in time; its job goes on from its last checkpoint", thread);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return started;
  }

  private void work() {
    while (!stopping) {
      long seen = signals.seen();
      try {
        Optional<Claim> claim = queue.claim(owner, properties.lease());
        if (claim.isPresent()) {
          worker.run(claim.get());
          continue;
        }
      } catch (DataAccessException | TransactionException e) {
        log.warn("{}, trying again: {}", DatabaseOutage.reason(e), e.getMessage());
      } catch (RuntimeException | Error e) {
        log.error("a worker failed; its job is taken up again when its lease has run out", e);
      }
      await(seen, properties.poll());
    }
  }

  private void beat() {
    Map<String, JobProgress> published = new HashMap<>();
    while (!stopping || workers.stream().anyMatch(Thread::isAlive)) {
      published.keySet().retainAll(running.all().stream().map(RunningJob::id).toList());
      for (RunningJob job : running.all()) {
        if (stopping) {
          job.stop(Stop.SHUTDOWN); // it may have begun after the others were told
        }
        beat(job, published);
      }
      pause();
    }
  }

  private void sweep() {
    try {
      files.sweep();
    } catch (DataAccessException | TransactionException e) {
      log.warn("what killed trainers left is not looked for now: {}", DatabaseOutage.reason(e));
    }
  }

  private void beat(RunningJob job, Map<String, JobProgress> published) {
    JobProgress news = job.progress();
    boolean changed = !news.equals(published.get(job.id()));
    try {
      JobState state =
          queue.heartbeat(job, properties.lease(), changed ? Optional.of(news) : Optional.empty());
      published.put(job.id(), news);
      if (state == JobState.STOPPING) {
        job.stop(Stop.REQUESTED);
      }
      if (limits.maxRuntime(job.request()).filter(most -> isOver(job, most)).isPresent()) {
        job.stop(Stop.TIME_LIMIT);
      }
    } catch (LeaseLostException e) {
      if (running.all().contains(job)) {
        job.stop(Stop.LEASE_LOST);
      }
    } catch (DataAccessException | TransactionException e) {
      log.warn("no heartbeat, {}: {}", DatabaseOutage.reason(e), e.getMessage());
    }
  }

  private static boolean isOver(RunningJob job, Duration most) {
    return job.runSeconds() * 1000 > most.toMillis();
  }

  private void await(long seen, Duration most) {
    try {
      signals.await(seen, most);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(HEARTBEAT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
