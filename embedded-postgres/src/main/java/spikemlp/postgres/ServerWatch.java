package spikemlp.postgres;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a server that ended by itself again on its port, and tells the listener in one line. Gives
 * up after {@value #MOST_STARTS} starts in a row that fail or do not last a minute. Has a thread of
 * its own from the first such end until {@link #close()}; what is mutable belongs to that thread.
 */
final class ServerWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
  private static final int MOST_STARTS = 5;
  private static final Duration LASTING = Duration.ofMinutes(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1); // doubles with every failure

  private final ServerProgram program;
  private final int port;
  private final Consumer<String> listener;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("postgres-watch").factory());
  private int starts;

  ServerWatch(ServerProgram program, int port, Consumer<String> listener) {
    this.program = program;
    this.port = port;
    this.listener = listener;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Watches a server that is ready. */
  void over(Process server) {
    long since = System.nanoTime();
    var _ = server.onExit().thenAccept(ended -> schedule(() -> ended(ended, since), 0));
  }

  private void schedule(Runnable step, long delayMillis) {
    try {
      var _ = thread.schedule(step, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the server is being closed");
    }
  }

  private void ended(Process server, long since) {
    String event = "PostgreSQL ended unexpectedly (exit " + server.exitValue() + ")";
    LOG.warn("{}; starting it again", event);
    if (System.nanoTime() - since > LASTING.toNanos()) {
      starts = 0;
    }
    if (starts == MOST_STARTS) {
      giveUp(event, "it ended " + MOST_STARTS + " times within a minute of its start");
    } else {
      startAgain(event);
    }
  }

  private void startAgain(String event) {
    starts++;
    try {
      program.stopOrphan();
      ServerProgram.Start start = program.start(port, thread::isShutdown);
      if (start.refusal().isEmpty()) {
        LOG.info("PostgreSQL is up again on 127.0.0.1:{}", port);
        over(start.process());
        listener.accept(event + "; it is up again on 127.0.0.1:" + port);
      } else {
        failed(event, start.refusal().get());
      }
    } catch (IOException | PostgresException e) {
      failed(event, String.valueOf(e.getMessage()));
    }
  }

  private void failed(String event, String reason) {
    if (thread.isShutdown()) {
      return;
    }
    LOG.warn("PostgreSQL did not start again: {}", reason);
    if (starts == MOST_STARTS) {
      giveUp(event, reason);
    } else {
      schedule(() -> startAgain(event), FIRST_PAUSE.multipliedBy(1L << (starts - 1)).toMillis());
    }
  }

  private void giveUp(String event, String reason) {
    String message =
        event
            + " and does not start again after "
            + MOST_STARTS
            + " attempts: "
            + reason
            + "; its log is "
            + program.folder().log()
            + "; see to the reason, then start the platform anew";
    LOG.error(message);
    listener.accept(message);
  }

  /** Ends the watch, with a start in progress, and waits for that. The server itself runs on. */
  @Override
  public void close() {
    thread.close();
  }
}
