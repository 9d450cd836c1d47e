package spikemlp.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL refuses to run as root. As an ordinary user its programs run as they are; as root they
 * run in a user namespace where nobody is root ({@code unshare -U}: the files stay root's own), or
 * where that is forbidden as the user {@code nobody} ({@code setpriv}), who then owns the data.
 */
enum Unprivileged {
  ORDINARY_USER(List.of()),
  USER_NAMESPACE(List.of("unshare", "-U")),
  NOBODY(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));

  private static final long PATIENCE_SECONDS = 120;

  @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; its type does not say so
  private final List<String> prefix;

  Unprivileged(List<String> prefix) {
    this.prefix = prefix;
  }

  /** The first way that works for {@code program}. */
  static Unprivileged choose(String program) throws IOException {
    if (!"root".equals(System.getProperty("user.name"))
        && !Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      return ORDINARY_USER;
    }
    for (Unprivileged way : List.of(USER_NAMESPACE, NOBODY)) {
      if (way.works(program)) {
        return way;
      }
    }
    throw new PostgresException(
        "PostgreSQL does not run as root, and here neither 'unshare -U' nor 'setpriv' can run "
            + program
            + " as another user; start as an ordinary user, or choose a folder that the user"
            + " nobody can reach (its parents need mode 755)");
  }

  private boolean works(String program) {
    try {
      return run(List.of(program, "--version"), null).exit() == 0;
    } catch (IOException e) {
      return false; // the tool is not installed
    }
  }

  /** Gives {@code path} and what is below it to the user who will run PostgreSQL. */
  void own(Path path) throws IOException {
    if (this != NOBODY) {
      return;
    }
    try (var files = Files.walk(path)) {
      for (Path file : files.toList()) {
        Files.setAttribute(file, "unix:uid", 65534);
        Files.setAttribute(file, "unix:gid", 65534);
      }
    }
  }

  /** The command line that runs {@code command} this way. */
  List<String> command(List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }

  /** Runs a program to its end. Its output goes into {@code log}, appended, or is dropped. */
  Finished run(List<String> command, @Nullable Path log) throws IOException {
    File sink = log == null ? null : log.toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command(command))
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(
                sink == null
                    ? ProcessBuilder.Redirect.DISCARD
                    : ProcessBuilder.Redirect.appendTo(sink));
    clean(builder);
    Process process = builder.start();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command.getFirst() + " took more than " + PATIENCE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command.getFirst(), e);
    }
    return new Finished(process.exitValue());
  }

  /** Removes what would lead PostgreSQL's programs to another server, folder or language. */
  static void clean(ProcessBuilder builder) {
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
  }

  record Finished(int exit) {}
}
