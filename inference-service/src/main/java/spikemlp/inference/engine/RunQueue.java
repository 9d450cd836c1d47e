package spikemlp.inference.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for a run, in the order of arrival, and what each run takes of it. Where batching
 * pays, a run takes what else waits for the same version, and waits a moment for what is on its
 * way.
 *
 * <p>Thread-safe; {@code lock} guards everything, the runs that jobs join too.
 */
final class RunQueue {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Job> waiting = new ArrayDeque<>();
  private final int most;
  private boolean closed;
  private int running;

  /**
   * An empty queue.
   *
   * @param most runs at once, at least 1
   */
  RunQueue(int most) {
    this.most = most;
  }

  /**
   * Puts a request's parts at the end.
   *
   * @throws IllegalStateException if it is closed; the parts are dropped
   */
  void add(List<Job> jobs) {
    lock.lock();
    try {
      if (closed) {
        jobs.forEach(Job::dropped);
        throw new IllegalStateException("the engine is closed");
      }
      waiting.addAll(jobs);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a part would neither wait nor have companions; it is a run then, until {@link #ended}.
   */
  boolean beginsAtOnce(Job job) {
    lock.lock();
    try {
      if (closed || running >= most || !waiting.isEmpty() || mayHaveCompanions(job)) {
        return false;
      }
      running++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next run's parts; they are a run until {@link #ended}. */
  List<Job> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiting.isEmpty() || running >= most) {
        changed.await();
      }
      running++;
      Job first = waiting.remove();
      List<Job> batch = new ArrayList<>(List.of(first));
      int room = first.lease().batching().maxBatch() - first.samples();
      room = take(first.model(), room, batch);
      long until = first.queuedAt() + first.lease().batching().maxDelay().toNanos();
      for (long left = until - System.nanoTime();
          room > 0 && left > 0 && mayHaveCompanions(first) && waiting.isEmpty();
          left = until - System.nanoTime()) {
        changed.await(left, TimeUnit.NANOSECONDS);
        room = take(first.model(), room, batch);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private static boolean mayHaveCompanions(Job job) {
    return job.lease().batching().maxBatch() > 1 && job.lease().arriving() > 0;
  }

  /** Moves what waits for the model into the batch, as far as there is room. */
  private int take(OnnxModel model, int room, List<Job> batch) {
    int left = room;
    for (Iterator<Job> jobs = waiting.iterator(); left > 0 && jobs.hasNext(); ) {
      Job job = jobs.next();
      if (job.model() == model && job.samples() <= left) {
        jobs.remove();
        batch.add(job);
        left -= job.samples();
      }
    }
    return left;
  }

  /** Says that a run is over. */
  void ended() {
    lock.lock();
    try {
      running--;
      if (!waiting.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has the parts of a batch belong to its run. */
  void join(List<Job> batch, BatchRun run) {
    lock.lock();
    try {
      batch.forEach(job -> job.joins(run));
    } finally {
      lock.unlock();
    }
  }

  /** Drops a part nobody waits for any more, or takes it out of its run. */
  void abandon(Job job) {
    lock.lock();
    try {
      if (waiting.remove(job)) {
        job.dropped();
      } else if (job.run() != BatchRun.NONE) {
        job.run().leave();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Parts that wait. */
  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Takes nothing more, and gives back what waited. */
  List<Job> close() {
    lock.lock();
    try {
      closed = true;
      List<Job> left = List.copyOf(waiting);
      waiting.clear();
      return left;
    } finally {
      lock.unlock();
    }
  }
}
