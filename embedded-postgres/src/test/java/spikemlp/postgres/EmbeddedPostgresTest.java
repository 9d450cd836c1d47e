package spikemlp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresTest {

  private static final Path BINARIES =
      Path.of("target", "test-postgres", "binaries").toAbsolutePath();

  @TempDir private Path directory;

  /** Without waiting for the disk, which only the durability test needs. */
  private EmbeddedPostgres start() {
    return EmbeddedPostgres.start(directory, BINARIES, false, line -> {});
  }

  private static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl(database), server.username(), server.password());
  }

  private static String ask(EmbeddedPostgres server, String database, String sql)
      throws SQLException {
    try (Connection connection = connect(server, database);
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(sql)) {
      answer.next();
      return answer.getString(1);
    }
  }

  private static void run(EmbeddedPostgres server, String database, String sql)
      throws SQLException {
    try (Connection connection = connect(server, database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void itKeepsItsDataFromRunToRunAndAsksForThePassword() throws Exception {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(directory, BINARIES, true, line -> {})) {
      first.createDatabaseIfAbsent("trainer");
      first.createDatabaseIfAbsent("trainer");
      run(first, "trainer", "CREATE TABLE kept AS SELECT 42 AS answer");

      assertThat(ask(first, "trainer", "SHOW fsync")).isEqualTo("on");
      assertThat(ask(first, "trainer", "SHOW data_checksums")).isEqualTo("on");
      assertThat(ask(first, "trainer", "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(first, "trainer", "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(ask(first, "trainer", "SELECT rolpassword FROM pg_authid WHERE rolsuper"))
          .startsWith("SCRAM-SHA-256$");
      assertThatThrownBy(() ->
              DriverManager.getConnection(first.jdbcUrl("trainer"), first.username(), "wrong"))
          .hasMessageContaining("password authentication failed");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("password"))))
          .isEqualTo("rw-------");
    }
    try (EmbeddedPostgres second = start()) {
      assertThat(ask(second, "trainer", "SELECT answer FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void closeStopsTheServerThoughASessionIsOpen() throws Exception {
    EmbeddedPostgres server = start();
    Connection open = connect(server, "postgres");
    long pid = Postmaster.of(data()).orElseThrow().pid();

    server.close();
    server.close();

    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(Postmaster.of(data())).isEmpty();
    assertThatThrownBy(() -> open.createStatement().execute("SELECT 1"))
        .isInstanceOf(SQLException.class);
  }

  private Path data() throws Exception {
    return directory.toRealPath().resolve("data");
  }

  /** Starts a server and lets the test kill this process. */
  static final class Victim {
    public static void main(String[] arguments) throws Exception {
      EmbeddedPostgres server =
          EmbeddedPostgres.start(Path.of(arguments[0]), Path.of(arguments[1]), true, line -> {});
      run(server, "postgres", "CREATE TABLE committed AS SELECT 7 AS n");
      System.out.println("ready");
      new CountDownLatch(1).await(2, TimeUnit.MINUTES);
    }
  }

  @Test
  void whatAKilledProcessLeftIsStoppedAndItsDataAreThere() throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                directory.toString(),
                BINARIES.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(victim.inputReader().readLine()).isEqualTo("ready");
    assertThatThrownBy(this::start)
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("in use by process " + victim.pid());
    victim.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    Postmaster orphan = Postmaster.of(data()).orElseThrow();
    assertThat(orphan.runs()).isTrue();

    try (EmbeddedPostgres server = start()) {
      assertThat(orphan.runs()).isFalse();
      assertThat(ask(server, "postgres", "SELECT n FROM committed")).isEqualTo("7");
    }
  }

  @Test
  void aStrangerWhoGotTheProcessNumberIsLeftAlone() throws Exception {
    start().close();
    Process stranger = new ProcessBuilder("sleep", "60").start();
    try {
      Files.write(
          data().resolve("postmaster.pid"),
          List.of(Long.toString(stranger.pid()), data().toString(), "1", "1", "", "", "", "ready"));

      try (EmbeddedPostgres server = start()) {
        assertThat(stranger.isAlive()).isTrue();
        assertThat(ask(server, "postgres", "SELECT 1")).isEqualTo("1");
      }
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void oneFolderHasOneServer() {
    try (EmbeddedPostgres server = start()) {
      assertThat(server.port()).isPositive();
      assertThatThrownBy(this::start)
          .isInstanceOf(PostgresException.class)
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void dataOfAnotherMajorVersionAreRefusedUntouched() throws Exception {
    Files.createDirectory(directory.resolve("data"));
    Files.writeString(directory.resolve("data/PG_VERSION"), "17\n");

    assertThatThrownBy(this::start)
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("written by PostgreSQL 17")
        .hasMessageContaining("this is PostgreSQL 18");
  }

  @Test
  void aFolderThatIsNoDataDirectoryIsNamed() throws Exception {
    Files.createDirectory(directory.resolve("data"));

    assertThatThrownBy(this::start)
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("no PG_VERSION");
  }

  @Test
  void damagedDataGiveTheServersOwnReason() throws Exception {
    start().close();
    Files.delete(directory.resolve("data/global/pg_control"));

    assertThatThrownBy(this::start)
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("pg_control")
        .hasMessageContaining("postgres.log");
  }

  @Test
  void aMissingPasswordIsNamed() throws Exception {
    start().close();
    Files.delete(directory.resolve("password"));

    assertThatThrownBy(this::start)
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("password is missing");
  }

  @Test
  void whatAnInterruptedFirstStartLeftIsNoHindrance() throws Exception {
    Files.createDirectories(directory.resolve("data.new/base"));
    Files.writeString(directory.resolve("password"), "old");

    try (EmbeddedPostgres server = start()) {
      assertThat(server.password()).hasSize(48);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() {
    assertThatThrownBy(
            () -> EmbeddedPostgres.start(Path.of("/proc/spikemlp"), BINARIES, true, line -> {}))
        .isInstanceOf(PostgresException.class)
        .hasMessageContaining("/proc/spikemlp")
        .hasMessageContaining("writable and not full");
  }

  @Test
  void databasesAreNamedPlainly() {
    try (EmbeddedPostgres server = start()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> server.createDatabaseIfAbsent("a; DROP DATABASE b"))
          .withMessageContaining("a; DROP DATABASE b");
    }
  }
}
