package spikemlp.launcher;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import spikemlp.security.Scope;

/**
 * A platform for the time of a command: started with a word on the terminal, stopped at its end, or
 * on Ctrl-C and SIGTERM by a shutdown hook.
 */
final class Session implements AutoCloseable {

  private static final Duration SIGN_IN = Duration.ofDays(30);

  private final Terminal terminal;
  private final Platform platform;
  private final Thread hook;
  private double startSeconds;
  private volatile boolean ending;
  private volatile String farewell = "";

  private Session(Terminal terminal, Platform platform) {
    this.terminal = terminal;
    this.platform = platform;
    this.hook = new Thread(this::stopOnSignal, "stop");
  }

  static Session start(Terminal terminal, Home home, int port, List<Path> dataRoots) {
    terminal.line("Starting SpikeMLP in " + home.root());
    long begin = System.nanoTime();
    Session session = new Session(terminal, new Platform(home, terminal::line));
    Runtime.getRuntime().addShutdownHook(session.hook); // before: a signal may come meanwhile
    try {
      session.during(started -> started.platform.start(port, dataRoots));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
    session.startSeconds = (System.nanoTime() - begin) / 1e9;
    terminal.line("  ready after " + Figures.seconds(session.startSeconds));
    return session;
  }

  Platform platform() {
    return platform;
  }

  double startSeconds() {
    return startSeconds;
  }

  /** Says where everything is. */
  void describe() {
    String token = platform.token("owner", EnumSet.of(Scope.ADMIN), SIGN_IN);
    terminal.line("");
    terminal.line("  page     " + platform.url() + "/#token=" + token);
    terminal.line("  API      " + platform.url() + "/api/v1");
    terminal.line("  token    ./spikemlp token   prints one for the API");
    terminal.line("  home     " + platform.home().root());
    terminal.line("  log      " + platform.home().logFile());
  }

  /** Waits for Ctrl-C or SIGTERM; never returns otherwise. */
  void stayUp() {
    terminal.line("");
    terminal.line("Up until Ctrl-C.");
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs {@code work}; if a signal ends the platform under it, that is no failure to report. */
  void during(Consumer<Session> work) {
    try {
      work.accept(this);
    } catch (RuntimeException e) {
      if (ending) {
        stayQuiet();
      }
      throw e;
    }
  }

  /** The same, with what to say beside "Stopped." if a signal ends the platform meanwhile. */
  void during(String whenStopped, Consumer<Session> work) {
    farewell = whenStopped;
    during(work);
    farewell = "";
  }

  private static void stayQuiet() {
    try {
      new CountDownLatch(1).await(); // the hook ends the process
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopOnSignal() {
    ending = true;
    terminal.line("");
    terminal.line("Stopping ...");
    platform.close();
    terminal.line(("Stopped. " + farewell).strip());
  }

  @Override
  public void close() {
    if (ending) {
      return;
    }
    platform.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      ending = true; // a signal came meanwhile; its hook finds nothing left to do
    }
  }
}
