package spikemlp.postgres;

import static java.util.Objects.requireNonNullElse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server below one folder, which keeps its data from run to run. It listens on
 * loopback at a free port, asks for a random password (SCRAM) that only the folder's owner can
 * read, keeps checksums and waits for the disk. What a killed Java process left running is stopped
 * first. Owns the server process until {@link #close()}; safe for use by several threads.
 *
 * <p>The folder holds {@code binaries/VERSION}, {@code data}, {@code password}, {@code
 * postgres.log} and {@code lock}.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String USER = "spikemlp";
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final int STOP_SECONDS = 20;
  private static final long LOG_BOUND = 10L << 20;
  private static final int PORT_ATTEMPTS = 5;

  private final ServerFolder folder;
  private final PostgresBinaries binaries;
  private final Unprivileged user;
  private final FileChannel lock;
  private final boolean durable;
  private String password = "";
  private int port;
  private boolean closed;

  private EmbeddedPostgres(
      ServerFolder folder,
      PostgresBinaries binaries,
      Unprivileged user,
      FileChannel lock,
      boolean durable) {
    this.folder = folder;
    this.binaries = binaries;
    this.user = user;
    this.lock = lock;
    this.durable = durable;
  }

  /**
   * Starts the server of {@code directory}, made if it is not there.
   *
   * @throws PostgresException if it cannot be: another process uses the folder, the data are of
   *     another major version or damaged, the disk is full or read-only
   */
  public static EmbeddedPostgres start(Path directory) {
    return start(directory, directory.resolve("binaries"), true);
  }

  /**
   * @param durable whether a commit waits for the disk; false for tests only
   */
  static EmbeddedPostgres start(Path directory, Path binariesFolder, boolean durable) {
    try {
      Files.createDirectories(directory);
      ServerFolder folder = new ServerFolder(directory.toRealPath());
      FileChannel lock = folder.lock();
      try {
        PostgresBinaries binaries = PostgresBinaries.in(binariesFolder);
        Unprivileged user = Unprivileged.choose(binaries.program("postgres"));
        EmbeddedPostgres server = new EmbeddedPostgres(folder, binaries, user, lock, durable);
        server.start();
        return server;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new PostgresException(
          "PostgreSQL cannot use "
              + directory
              + ": "
              + e.getClass().getSimpleName()
              + " "
              + requireNonNullElse(e.getMessage(), "")
              + "; the folder must be on a disk that is writable and not full",
          e);
    }
  }

  private void start() throws IOException {
    folder.boundLog(LOG_BOUND);
    if (Files.exists(folder.data())) {
      folder.checkData(binaries);
      stopOrphan();
    } else {
      initialise();
    }
    password = Files.readString(folder.password()).strip();
    for (int attempt = 1; ; attempt++) {
      port = freePort();
      Optional<String> refusal = launch();
      if (refusal.isEmpty()) {
        break;
      }
      if (attempt == PORT_ATTEMPTS || !refusal.get().contains("Address already in use")) {
        throw new PostgresException(
            "PostgreSQL did not start on "
                + folder.data()
                + ": "
                + refusal.get()
                + " (its log is "
                + folder.log()
                + ")");
      }
    }
    LOG.info("PostgreSQL {} is ready on 127.0.0.1:{}", binaries.version(), port);
  }

  private void stopOrphan() throws IOException {
    Optional<Postmaster> left = Postmaster.of(folder.data());
    if (left.isEmpty()) {
      return;
    }
    if (left.get().runs()) {
      LOG.info("stopping the PostgreSQL that a killed process left, pid {}", left.get().pid());
      stopServer();
    } else {
      // Its number may be a stranger's by now, at which PostgreSQL would balk.
      Files.deleteIfExists(folder.data().resolve(Postmaster.PID_FILE));
    }
  }

  private void initialise() throws IOException {
    Path fresh = folder.fresh();
    Directories.delete(fresh);
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    folder.writePassword(HexFormat.of().formatHex(random));
    Files.createDirectory(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    user.own(fresh);
    user.own(folder.password());
    long before = folder.logSize();
    int exit =
        user.run(
                List.of(
                    binaries.program("initdb"),
                    "--pgdata=" + fresh,
                    "--username=" + USER,
                    "--pwfile=" + folder.password(),
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--locale=C.UTF-8",
                    "--data-checksums",
                    durable ? "--sync-method=fsync" : "--no-sync"),
                folder.log())
            .exit();
    if (exit != 0) {
      String reason = folder.reasonSince(before);
      Directories.delete(fresh);
      throw new PostgresException("PostgreSQL could not lay out " + folder.data() + ": " + reason);
    }
    Files.move(fresh, folder.data(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Starts the server and waits; the reason if it ended instead. */
  private Optional<String> launch() throws IOException {
    long before = folder.logSize();
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
    Process process = builder.start();
    long end = System.nanoTime() + START_PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      Optional<Postmaster> postmaster = Postmaster.of(folder.data());
      if (postmaster.isPresent()
          && postmaster.get().pid() == process.pid()
          && postmaster.get().status().equals("ready")) {
        return Optional.empty();
      }
      if (pause(process)) {
        return Optional.of(folder.reasonSince(before));
      }
    }
    process.destroy();
    return Optional.of("it was not ready after " + START_PATIENCE.toSeconds() + " s");
  }

  /** Waits a moment; true if the process has ended. */
  private static boolean pause(Process process) {
    try {
      return process.waitFor(Duration.ofMillis(20));
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new PostgresException("interrupted while PostgreSQL started", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where to reach {@code database}; user and password go apart. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  public String username() {
    return USER;
  }

  public String password() {
    return password;
  }

  /** The port that the server listens on, on 127.0.0.1. */
  public int port() {
    return port;
  }

  /**
   * Creates a database unless there is one of that name.
   *
   * @param name letters, digits and underscores, beginning with a letter
   */
  public void createDatabaseIfAbsent(String name) {
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException(
          "a database is named with a-z, 0-9 and '_', beginning with a letter, not '" + name + "'");
    }
    try (Connection connection = DriverManager.getConnection(jdbcUrl("postgres"), USER, password);
        PreparedStatement known =
            connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      known.setString(1, name);
      if (known.executeQuery().next()) {
        return;
      }
      try (Statement create = connection.createStatement()) {
        create.execute("CREATE DATABASE " + name);
      }
    } catch (SQLException e) {
      if (!"42P04".equals(e.getSQLState())) { // somebody else made it meanwhile
        throw new PostgresException("database " + name + " cannot be made: " + e.getMessage(), e);
      }
    }
  }

  /** Stops the server: sessions are ended, all is written. Does nothing the second time. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      stopServer();
      LOG.info("PostgreSQL on 127.0.0.1:{} has stopped", port);
    } catch (IOException e) {
      throw new PostgresException("PostgreSQL on " + folder.data() + " could not be stopped", e);
    }
  }

  private void stopServer() throws IOException {
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
