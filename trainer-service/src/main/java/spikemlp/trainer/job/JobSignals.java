package spikemlp.trainer.job;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Wakes what waits for news of jobs within this process: idle workers and event streams. A hint
 * alone: what is woken, or has waited long enough, looks into the database.
 */
@Component
class JobSignals {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private long changes;

  /** The number of changes so far, to be passed to {@link #await}. */
  long seen() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** Tells of a change, when the running transaction has committed or at once if there is none. */
  void afterCommit() {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      changed();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            changed();
          }
        });
  }

  /** Tells of a change. */
  void changed() {
    lock.lock();
    try {
      changes++;
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until there were changes after the first {@code seen}, but no longer than {@code most}.
   */
  void await(long seen, Duration most) throws InterruptedException {
    long left = most.toNanos();
    lock.lock();
    try {
      while (changes == seen && left > 0) {
        left = news.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
