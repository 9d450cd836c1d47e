package spikemlp.kernel;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs numbered tasks on the cores. Which thread runs a task never changes a result: tasks write to
 * disjoint memory, and sums over tasks are made afterwards, in the tasks' order.
 *
 * <p>A training step has a hundred rounds of tasks, of some milliseconds each. To wake a sleeping
 * core takes a third of one, so a helper looks out for the next round awhile before it sleeps.
 */
public final class Workers {

  /** The cores of this machine, shared by every network. */
  public static final Workers ALL = new Workers(NativeBackend.threads());

  /** The calling thread alone. */
  public static final Workers CALLER = new Workers(1);

  private static final int SPINS = 20_000;

  /**
   * Longer than between two rounds of a step, shorter than between two steps that wait for data.
   */
  private static final long LOOKOUT_NANOS = 1_000_000;

  private final int threads;
  private final @Nullable ForkJoinPool pool;
  private final Queue<Round> rounds = new ConcurrentLinkedQueue<>();
  private final AtomicInteger helping = new AtomicInteger();

  public Workers(int threads) {
    this.threads = threads;
    this.pool = threads > 1 ? new ForkJoinPool(threads - 1) : null;
  }

  /** How many tasks run at once. */
  public int threads() {
    return threads;
  }

  /**
   * Runs tasks 0 to {@code tasks} − 1 and returns when all are done; the first exception of a task
   * is thrown on.
   */
  public void forEach(int tasks, IntConsumer task) {
    ForkJoinPool helpers = pool;
    if (helpers == null || tasks <= 1) {
      for (int i = 0; i < tasks; i++) {
        task.accept(i);
      }
      return;
    }
    Round round = new Round(tasks, task, Thread.currentThread());
    int wanted = Math.min(threads, tasks) - 1;
    for (int i = 0; i < wanted; i++) {
      rounds.add(round);
    }
    while (joins(wanted)) {
      helpers.execute(this::help);
    }
    round.run();
    round.await();
  }

  /** Counts one more helper, unless there are enough. */
  private boolean joins(int enough) {
    return helping.getAndUpdate(now -> now < enough ? now + 1 : now) < enough;
  }

  private void help() {
    do {
      long idleSince = System.nanoTime();
      while (System.nanoTime() - idleSince < LOOKOUT_NANOS) {
        Round round = rounds.poll();
        if (round == null) {
          Thread.onSpinWait();
        } else {
          round.run();
          idleSince = System.nanoTime();
        }
      }
      helping.decrementAndGet();
    } while (!rounds.isEmpty() && joins(threads - 1)); // one came in between
  }

  /** One object, its counters within: a training step has a hundred rounds. */
  private static final class Round {

    private static final AtomicIntegerFieldUpdater<Round> NEXT =
        AtomicIntegerFieldUpdater.newUpdater(Round.class, "next");
    private static final AtomicIntegerFieldUpdater<Round> DONE =
        AtomicIntegerFieldUpdater.newUpdater(Round.class, "done");

    private final int tasks;
    private final IntConsumer task;
    private final Thread caller;
    private volatile int next;
    private volatile int done;
    private volatile @Nullable Throwable failure;

    Round(int tasks, IntConsumer task, Thread caller) {
      this.tasks = tasks;
      this.task = task;
      this.caller = caller;
    }

    void run() {
      for (int i = NEXT.getAndIncrement(this); i < tasks; i = NEXT.getAndIncrement(this)) {
        try {
          task.accept(i);
        } catch (RuntimeException | Error e) {
          fail(e);
        } finally {
          if (DONE.incrementAndGet(this) == tasks) {
            LockSupport.unpark(caller);
          }
        }
      }
    }

    private synchronized void fail(Throwable e) {
      if (failure == null) {
        failure = e;
      }
    }

    void await() {
      for (int spins = 0; done < tasks; spins++) {
        if (spins < SPINS) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
        }
      }
      switch (failure) {
        case null -> {}
        case Error e -> throw e;
        case RuntimeException e -> throw e;
        case Throwable e -> throw new IllegalStateException(e);
      }
    }
  }
}
