package spikemlp.inference.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops runs that outlast their deadline; ONNX Runtime looks between two nodes. It looks after all
 * of them now and then: a timer set for each run would wake a thread for each. Thread-safe.
 */
final class RunWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RunWatch.class);
  private static final long LOOK_MILLIS = 20;

  private final Set<Watched> runs = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("run-watch").factory());
  private final ScheduledFuture<?> looking =
      timer.scheduleAtFixedRate(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);

  private void look() {
    for (Watched run : runs) {
      if (run.deadline.nanosLeft() == 0) {
        try {
          run.stop();
        } catch (IllegalStateException e) {
          log.error("a run outlasts its deadline", e);
        }
      }
    }
  }

  /** A run under watch; closing it ends the watch and frees the run's options. */
  final class Watched implements AutoCloseable {
    private final RunOptions options = new RunOptions();
    private final Deadline deadline;
    private boolean stopped;
    private boolean closed;

    private Watched(Deadline deadline) throws OrtException {
      this.deadline = deadline;
    }

    RunOptions options() {
      return options;
    }

    synchronized boolean stopped() {
      return stopped;
    }

    /** Ends the run at its next node; does nothing once it is closed. */
    synchronized void stop() {
      if (closed || stopped) {
        return;
      }
      try {
        options.setTerminate(true);
        stopped = true;
      } catch (OrtException e) {
        throw new IllegalStateException("a run could not be stopped", e);
      }
    }

    @Override
    public void close() {
      runs.remove(this);
      synchronized (this) {
        closed = true;
        options.close();
      }
    }
  }

  Watched watch(Deadline deadline) throws OrtException {
    Watched run = new Watched(deadline);
    runs.add(run);
    if (deadline.nanosLeft() == 0) {
      run.stop();
    }
    return run;
  }

  @Override
  public void close() {
    looking.cancel(false);
    timer.shutdownNow();
  }
}
