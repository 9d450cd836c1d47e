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
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server below one folder, which keeps its data from run to run. It listens on
 * loopback at a free port, asks for a random password (SCRAM) that only the folder's owner can
 * read, keeps checksums and waits for the disk. What a killed Java process left running is stopped
 * first; a server that ends by itself is started again on the same port. Owns the server process
 * until {@link #close()}; safe for use by several threads.
 *
 * <p>The folder holds {@code binaries/VERSION}, {@code data}, {@code password}, {@code
 * postgres.log} and {@code lock}.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final String USER = "spikemlp";
  private static final long LOG_BOUND = 10L << 20;
  private static final int PORT_ATTEMPTS = 5;

  private final ServerProgram program;
  private final FileChannel lock;
  private final String password;
  private final int port;
  private final ServerWatch watch;
  private boolean closed;

  private record Started(int port, Process process) {}

  private EmbeddedPostgres(
      ServerProgram program,
      FileChannel lock,
      String password,
      Started started,
      Consumer<String> listener) {
    this.program = program;
    this.lock = lock;
    this.password = password;
    this.port = started.port();
    this.watch = new ServerWatch(program, port, listener);
    watch.over(started.process());
  }

  /**
   * Starts the server of {@code directory}, made if it is not there.
   *
   * @param listener gets a line for people when the server ended by itself and is up again, or
   *     cannot be started again; called on a thread that closing waits for
   * @throws PostgresException if it cannot be: another process uses the folder, the data are of
   *     another major version or damaged, the disk is full or read-only
   */
  public static EmbeddedPostgres start(Path directory, Consumer<String> listener) {
    return start(directory, directory.resolve("binaries"), true, listener);
  }

  /**
   * @param durable whether a commit waits for the disk; false for tests only
   */
  static EmbeddedPostgres start(
      Path directory, Path binariesFolder, boolean durable, Consumer<String> listener) {
    try {
      Files.createDirectories(directory);
      ServerFolder folder = new ServerFolder(directory.toRealPath());
      FileChannel lock = folder.lock();
      try {
        PostgresBinaries binaries = PostgresBinaries.in(binariesFolder);
        Unprivileged user = Unprivileged.choose(binaries.program("postgres"));
        return start(new ServerProgram(folder, binaries, user, durable), lock, listener);
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

  private static EmbeddedPostgres start(
      ServerProgram program, FileChannel lock, Consumer<String> listener) throws IOException {
    ServerFolder folder = program.folder();
    folder.boundLog(LOG_BOUND);
    if (Files.exists(folder.data())) {
      folder.checkData(program.binaries());
      program.stopOrphan();
    } else {
      initialise(program);
    }
    String password = Files.readString(folder.password()).strip();
    Started started = startOnFreePort(program);
    LOG.info(
        "PostgreSQL {} is ready on 127.0.0.1:{}", program.binaries().version(), started.port());
    return new EmbeddedPostgres(program, lock, password, started, listener);
  }

  private static Started startOnFreePort(ServerProgram program) throws IOException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      ServerProgram.Start start = program.start(port, () -> false);
      if (start.refusal().isEmpty()) {
        return new Started(port, start.process());
      }
      if (attempt == PORT_ATTEMPTS || !start.refusal().get().contains("Address already in use")) {
        throw new PostgresException(
            "PostgreSQL did not start on "
                + program.folder().data()
                + ": "
                + start.refusal().get()
                + " (its log is "
                + program.folder().log()
                + ")");
      }
    }
  }

  private static void initialise(ServerProgram program) throws IOException {
    ServerFolder folder = program.folder();
    Unprivileged user = program.user();
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
                    program.binaries().program("initdb"),
                    "--pgdata=" + fresh,
                    "--username=" + USER,
                    "--pwfile=" + folder.password(),
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--locale=C.UTF-8",
                    "--data-checksums",
                    program.durable() ? "--sync-method=fsync" : "--no-sync"),
                folder.log())
            .exit();
    if (exit != 0) {
      String reason = folder.reasonSince(before);
      Directories.delete(fresh);
      throw new PostgresException("PostgreSQL could not lay out " + folder.data() + ": " + reason);
    }
    Files.move(fresh, folder.data(), StandardCopyOption.ATOMIC_MOVE);
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
      watch.close();
      program.stop();
      LOG.info("PostgreSQL on 127.0.0.1:{} has stopped", port);
    } catch (IOException e) {
      throw new PostgresException(
          "PostgreSQL on " + program.folder().data() + " could not be stopped", e);
    }
  }
}
