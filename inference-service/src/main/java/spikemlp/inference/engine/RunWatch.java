package spikemlp.inference.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Stops runs that outlast their deadline; ONNX Runtime looks between two nodes. Thread-safe. */
final class RunWatch implements AutoCloseable {

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("run-watch").factory());

  /** A run under watch; closing it ends the watch and frees the run's options. */
  final class Watched implements AutoCloseable {
    private final RunOptions options;
    private final ScheduledFuture<?> stop;
    private boolean stopped;
    private boolean closed;

    private Watched(Deadline deadline) throws OrtException {
      this.options = new RunOptions();
      this.stop = timer.schedule(this::stop, deadline.nanosLeft(), TimeUnit.NANOSECONDS);
    }

    RunOptions options() {
      return options;
    }

    synchronized boolean stopped() {
      return stopped;
    }

    /** Ends the run at its next node; does nothing once it is closed. */
    synchronized void stop() {
      if (closed) {
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
      stop.cancel(false);
      synchronized (this) {
        closed = true;
        options.close();
      }
    }
  }

  Watched watch(Deadline deadline) throws OrtException {
    return new Watched(deadline);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
