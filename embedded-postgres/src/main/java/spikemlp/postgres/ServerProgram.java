package spikemlp.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops the server process of one data directory.
 *
 * @param durable whether a commit waits for the disk
 */
record ServerProgram(
    ServerFolder folder, PostgresBinaries binaries, Unprivileged user, boolean durable) {

  private static final Logger LOG = LoggerFactory.getLogger(ServerProgram.class);
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration ORPHAN_LOOK = Duration.ofMillis(250);
  private static final int STOP_SECONDS = 20;

  /** PostgreSQL's refusal while a session of an ended server is still at work on the data. */
  private static final String OLD_SESSIONS = "pre-existing shared memory block";

  /**
   * A start tried.
   *
   * @param refusal why the process ended, or was ended; empty if it is ready
   */
  record Start(Process process, Optional<String> refusal) {}

  /**
   * Starts the server and waits until it is ready. What sessions an ended server left are waited
   * for.
   *
   * @param abandoned whether to end the attempt, looked at all the while
   */
  Start start(int port, BooleanSupplier abandoned) throws IOException {
    long end = System.nanoTime() + START_PATIENCE.toNanos();
    while (true) {
      Start start = startOnce(port, abandoned);
      boolean mayPass = start.refusal().filter(reason -> reason.contains(OLD_SESSIONS)).isPresent();
      if (!mayPass || abandoned.getAsBoolean() || System.nanoTime() > end) {
        return start;
      }
      pause();
    }
  }

  private Start startOnce(int port, BooleanSupplier abandoned) throws IOException {
    long before = folder.logSize();
    Process process = launch(port);
    boolean ready = false;
    try {
      long end = System.nanoTime() + START_PATIENCE.toNanos();
      while (System.nanoTime() < end && !abandoned.getAsBoolean()) {
        Optional<Postmaster> postmaster = Postmaster.of(folder.data());
        if (postmaster.isPresent()
            && postmaster.get().pid() == process.pid()
            && postmaster.get().status().equals("ready")) {
          ready = true;
          return new Start(process, Optional.empty());
        }
        if (process.waitFor(LOOK)) {
          return new Start(process, Optional.of(folder.reasonSince(before)));
        }
      }
      return new Start(
          process, Optional.of("it was not ready after " + START_PATIENCE.toSeconds() + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while PostgreSQL started", e);
    } finally {
      if (!ready) {
        process.destroy();
        process.onExit().completeOnTimeout(process, STOP_SECONDS, TimeUnit.SECONDS).join();
        process.destroyForcibly();
      }
    }
  }

  private Process launch(int port) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                user.command(
                    List.of(
                        "setsid", // a Ctrl-C in the terminal is for Java, which stops it in order
                        binaries.program("postgres"),
                        "-D",
                        folder.data().toString(),
                        "-p",
                        Integer.toString(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "log_timezone=UTC",
                        "-c",
                        "fsync=" + (durable ? "on" : "off"))))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
            .redirectInput(Path.of("/dev/null").toFile());
    Unprivileged.clean(builder);
    return builder.start();
  }

  private static void pause() {
    try {
      Thread.sleep(ORPHAN_LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while PostgreSQL started", e);
    }
  }

  /** Stops a server that a killed process left, and clears away what a dead one left. */
  void stopOrphan() throws IOException {
    Optional<Postmaster> left = Postmaster.of(folder.data());
    if (left.isEmpty()) {
      return;
    }
    if (left.get().runs()) {
      LOG.info("stopping the PostgreSQL that a killed process left, pid {}", left.get().pid());
      stop();
    } else {
      // Its number may be a stranger's by now, at which PostgreSQL would balk.
      Files.deleteIfExists(folder.data().resolve(Postmaster.PID_FILE));
    }
  }

  /** Stops the server if it runs: sessions are ended, all is written. */
  void stop() throws IOException {
    for (String mode : List.of("fast", "immediate")) {
      if (Postmaster.of(folder.data()).filter(Postmaster::runs).isEmpty()) {
        return;
      }
      int exit =
          user.run(
                  List.of(
                      binaries.program("pg_ctl"),
                      "stop",
                      "-D",
                      folder.data().toString(),
                      "-m",
                      mode,
                      "-t",
                      Integer.toString(STOP_SECONDS)),
                  folder.log())
              .exit();
      if (exit == 0) {
        return;
      }
    }
    if (Postmaster.of(folder.data()).filter(Postmaster::runs).isPresent()) {
      throw new PostgresException(
          "the PostgreSQL on " + folder.data() + " does not stop; its log is " + folder.log());
    }
  }
}
