package spikemlp.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs numbered tasks on the cores. Which thread runs a task never changes a result: tasks write to
 * disjoint memory, and sums over tasks are made afterwards, in the tasks' order.
 */
public final class Workers {

  /** The cores of this machine, shared by every network. */
  public static final Workers ALL = new Workers(NativeBackend.threads());

  /** The calling thread alone. */
  public static final Workers CALLER = new Workers(1);

  private static final int SPINS = 20_000;

  private final int threads;
  private final @Nullable ForkJoinPool pool;

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
    for (int i = 1; i < Math.min(threads, tasks); i++) {
      helpers.execute(round);
    }
    round.run();
    round.await();
  }

  /** One object, its counters within: a training step has a hundred rounds. */
  private static final class Round implements Runnable {

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

    @Override
    public void run() {
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
