package spikemlp.trainer.job;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import spikemlp.problem.DatabaseOutage;
import spikemlp.trainer.job.JobLogStore.Line;

/**
 * Brings what is logged of running jobs into the database: a bounded queue that never holds up who
 * logs, and a thread that stores its lines in batches. While there is no database the queue fills;
 * lines that find no room are dropped, and a line says how many.
 */
@Component
class JobLog implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(JobLog.class);
  private static final int QUEUED = 2_000;
  private static final int AT_ONCE = 200;
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final JobLogStore store;
  private final Clock clock;
  private final JobLogAppender appender;
  private final BlockingQueue<Line> queue = new ArrayBlockingQueue<>(QUEUED);
  private final ConcurrentMap<String, Integer> dropped = new ConcurrentHashMap<>();
  private Optional<Thread> writer = Optional.empty();
  private volatile boolean stopping;

  JobLog(JobLogStore store, RunningJobs running, Clock clock) {
    this.store = store;
    this.clock = clock;
    this.appender = new JobLogAppender(running::has, this::add);
  }

  /** Takes a line, or counts it as dropped; never waits. */
  void add(Line line) {
    if (!queue.offer(line)) {
      dropped.merge(line.job(), 1, Integer::sum);
    }
  }

  /** Before the workers, and after them at shutdown, so that their last lines are stored. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 1;
  }

  @Override
  public synchronized void start() {
    stopping = false;
    writer = Optional.of(Thread.ofPlatform().name("trainer-job-log").daemon().start(this::write));
    appender.attach();
  }

  @Override
  public synchronized void stop() {
    appender.detach();
    stopping = true;
    writer.ifPresent(thread -> {
      try {
        if (!thread.join(PATIENCE)) {
          log.warn("the last lines of the jobs' logs could not be stored in time");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    writer = Optional.empty();
  }

  @Override
  public synchronized boolean isRunning() {
    return writer.isPresent();
  }

  private void write() {
    List<Line> batch = new ArrayList<>();
    boolean outage = false;
    try {
      while (!stopping || !queue.isEmpty() || !batch.isEmpty()) {
        if (batch.isEmpty()) {
          fill(batch);
        }
        outage = !batch.isEmpty() && !isStored(batch, outage);
        if (outage && stopping) {
          return;
        }
        if (outage) {
          Thread.sleep(PAUSE);
        } else {
          batch.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fill(List<Line> batch) throws InterruptedException {
    Line first = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      batch.add(first);
      queue.drainTo(batch, AT_ONCE - 1);
    }
    if (!queue.isEmpty()) {
      return; // what was dropped came after what still waits
    }
    for (String job : dropped.keySet()) {
      Integer lines = dropped.remove(job);
      if (lines != null) {
        batch.add(
            new Line(
                job,
                clock.instant(),
                "WARN",
                lines + " lines before this one were dropped: they could not be stored in time"));
      }
    }
  }

  private boolean isStored(List<Line> batch, boolean outage) {
    try {
      store.append(batch);
      return true;
    } catch (DataIntegrityViolationException e) {
      log.warn("{} lines of jobs' logs were refused: {}", batch.size(), e.getMessage());
      return true; // a job was deleted meanwhile; another attempt would fare no better
    } catch (DataAccessException | TransactionException e) {
      if (!outage) {
        log.warn("the jobs' logs wait: {}", DatabaseOutage.reason(e));
      }
      return false;
    }
  }
}
