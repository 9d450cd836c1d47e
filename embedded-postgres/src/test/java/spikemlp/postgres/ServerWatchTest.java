package spikemlp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server, killed as kill -9 kills. */
@Timeout(120)
class ServerWatchTest {

  private static final Path BINARIES =
      Path.of("target", "test-postgres", "binaries").toAbsolutePath();

  @TempDir private Path directory;
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private EmbeddedPostgres start() {
    return EmbeddedPostgres.start(directory, BINARIES, false, heard::add);
  }

  @Test
  void aKilledServerIsUpAgainOnItsPortWithItsDataEveryTime() throws Exception {
    try (EmbeddedPostgres server = start()) {
      ask(server, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
      for (int kill = 1; kill <= 2; kill++) {
        killServer();

        assertThat(heard.poll(60, TimeUnit.SECONDS))
            .isEqualTo(
                "PostgreSQL ended unexpectedly (exit 137); it is up again on 127.0.0.1:"
                    + server.port());
        assertThat(ask(server, "SELECT answer FROM kept")).isEqualTo("42");
      }
    }
    assertNothingIsLeft();
    assertThat(heard).isEmpty();
  }

  @Test
  void aSessionOfTheKilledServerThatIsStillAtWorkIsWaitedFor() throws Exception {
    try (EmbeddedPostgres server = start()) {
      try (Connection busy = connect(server)) {
        ProcessHandle session = beginWork(server, busy);
        killServer();
        while (!log().contains("pre-existing shared memory block")) {
          assertThat(heard.poll(50, TimeUnit.MILLISECONDS)).isNull();
        }
        kill(session);

        assertThat(heard.poll(60, TimeUnit.SECONDS)).contains("up again");
      }
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void closingWhileItIsStartedAgainEndsEverything() throws Exception {
    EmbeddedPostgres server = start();
    try (Connection busy = connect(server)) {
      ProcessHandle session = beginWork(server, busy);
      killServer();

      server.close();

      assertThat(session.isAlive()).isTrue(); // hence it had not been started again
      kill(session);
    }
    assertThat(heard).isEmpty();
    assertNothingIsLeft();
    try (EmbeddedPostgres next = start()) {
      assertThat(ask(next, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aServerThatCannotBeStartedAgainIsGivenUpWithTheReason() throws Exception {
    try (EmbeddedPostgres server = start()) {
      Files.delete(data().resolve("global/pg_control"));
      killServer();

      assertThat(heard.poll(100, TimeUnit.SECONDS))
          .contains("ended unexpectedly (exit 137)", "does not start again after 5 attempts")
          .contains("pg_control", "postgres.log");
      assertThatThrownBy(() -> ask(server, "SELECT 1")).isInstanceOf(SQLException.class);
    }
    assertNothingIsLeft();
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(
        server.jdbcUrl("postgres"), server.username(), server.password());
  }

  private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server)) {
      return ask(connection, sql);
    }
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(sql);
      while (!rows) {
        rows = statement.getMoreResults();
      }
      try (ResultSet answer = statement.getResultSet()) {
        answer.next();
        return answer.getString(1);
      }
    }
  }

  /** Has a session compute for a minute, in which it does not notice that its server is gone. */
  private static ProcessHandle beginWork(EmbeddedPostgres server, Connection connection)
      throws SQLException {
    String pid = ask(connection, "SELECT pg_backend_pid() FROM pg_advisory_lock(7)");
    Thread.ofVirtual()
        .start(() -> {
          try (Statement statement = connection.createStatement()) {
            statement.execute(
                """
                DO $$ DECLARE enough timestamptz := clock_timestamp() + interval '1 minute';
                BEGIN
                  PERFORM pg_advisory_unlock(7);
                  WHILE clock_timestamp() < enough LOOP END LOOP;
                END $$
                """);
          } catch (SQLException e) {
            // The test has ended the session.
          }
        });
    ask(server, "SELECT pg_advisory_lock(7)"); // granted when the work has begun
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private String log() throws IOException {
    return Files.readString(directory.resolve("postgres.log"));
  }

  private Path data() throws IOException {
    return directory.toRealPath().resolve("data");
  }

  private void killServer() throws IOException {
    long pid = Postmaster.of(data()).orElseThrow().pid();
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  /**
   * Kills a session of a killed server once it is the last. Between two statements it holds a lock
   * that every process of the server takes to end; whoever came after its death would wait for
   * ever.
   */
  private void kill(ProcessHandle session) throws Exception {
    awaitServerProcesses(processes -> processes.equals(List.of(session)));
    assertThat(serverProcesses()).containsExactly(session);
    session.destroyForcibly();
  }

  private void assertNothingIsLeft() throws Exception {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("postgres-watch")) {
        assertThat(thread.join(Duration.ofSeconds(20))).isTrue(); // it may be on its last steps
      }
    }
    awaitServerProcesses(List::isEmpty);
    assertThat(serverProcesses()).isEmpty();
  }

  /** Sessions notice the end of their server one after another. */
  private void awaitServerProcesses(Predicate<List<ProcessHandle>> expected) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!expected.test(serverProcesses()) && System.nanoTime() < end) {
      Thread.sleep(50);
    }
  }

  /**
   * Whatever works in the data directory. A process that has ended works in none, though it stays
   * alive to {@link ProcessHandle} for as long as nobody collects its exit, as in a container whose
   * first process collects none.
   */
  private List<ProcessHandle> serverProcesses() throws IOException {
    Path data = data();
    return ProcessHandle.allProcesses()
        .filter(process -> {
          try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                .equals(data);
          } catch (IOException e) {
            return false; // gone, or not ours
          }
        })
        .toList();
  }
}
