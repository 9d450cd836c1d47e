package spikemlp.postgres;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A fresh database for a test, dropped on close. The server is that of {@code
 * SPIKEMLP_TEST_JDBC_URL}, else a container where a Docker engine answers, else the embedded
 * binaries; one per Java process, ended with it; which one is printed once.
 */
public final class TestDatabase implements AutoCloseable {

  /** A JDBC URL with {@code user} and {@code password} parameters, of a user who may create. */
  public static final String URL_VARIABLE = "SPIKEMLP_TEST_JDBC_URL";

  private static final AtomicLong COUNTER = new AtomicLong();
  private static @Nullable Server shared;

  private final Server server;
  private final String name;

  private TestDatabase(Server server, String name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Creates an empty database.
   *
   * @param prefix how its name begins: a-z, 0-9 and underscores
   */
  public static TestDatabase create(String prefix) {
    if (!prefix.matches("[a-z][a-z0-9_]{0,30}")) {
      throw new IllegalArgumentException(
          "a test database's prefix is a-z, 0-9 and '_', beginning with a letter, not '"
              + prefix
              + "'");
    }
    Server server = server();
    String name =
        prefix
            + "_"
            + ProcessHandle.current().pid()
            + "_"
            + Long.toString(System.nanoTime(), 36).replace("-", "n")
            + "_"
            + COUNTER.incrementAndGet();
    server.execute("CREATE DATABASE " + name);
    return new TestDatabase(server, name);
  }

  public String jdbcUrl() {
    return server.url(name);
  }

  public String username() {
    return server.username();
  }

  public String password() {
    return server.password();
  }

  @Override
  public void close() {
    server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  private static synchronized Server server() {
    Server server = shared;
    if (server == null) {
      server = choose();
      shared = server;
    }
    return server;
  }

  private static Server choose() {
    String url = System.getenv(URL_VARIABLE);
    if (url != null && !url.isBlank()) {
      Server given = Server.given(url);
      say("the PostgreSQL of " + URL_VARIABLE + ", " + given.url(""));
      return given;
    }
    if (dockerAnswers()) {
      PostgreSQLContainer container = new PostgreSQLContainer("postgres:18");
      container.start(); // Testcontainers' reaper removes it with this process
      say("PostgreSQL in a container, " + container.getDockerImageName());
      return Server.given(
          container.getJdbcUrl()
              + (container.getJdbcUrl().contains("?") ? "&" : "?")
              + "user="
              + container.getUsername()
              + "&password="
              + container.getPassword());
    }
    EmbeddedPostgres embedded = TestServers.start();
    say("PostgreSQL from embedded binaries, on 127.0.0.1:" + embedded.port());
    return new Server(
        embedded.jdbcUrl(""), "", embedded.username(), embedded.password(), "postgres");
  }

  @SuppressWarnings("SystemOut") // the build's log should show where its tests ran
  private static void say(String choice) {
    System.out.println("Test databases: " + choice);
  }

  private static boolean dockerAnswers() {
    String host = System.getenv("DOCKER_HOST");
    if (host != null && !host.isBlank() && !host.startsWith("unix:")) {
      return DockerClientFactory.instance().isDockerAvailable();
    }
    String runtime = System.getenv("XDG_RUNTIME_DIR");
    Path[] sockets = {
      Path.of(host == null ? "/var/run/docker.sock" : host.replaceFirst("^unix:/*", "/")),
      Path.of(runtime == null ? "/run" : runtime, "docker.sock")
    };
    for (Path socket : sockets) {
      if (Files.exists(socket) && somebodyListens(socket)) {
        return DockerClientFactory.instance().isDockerAvailable();
      }
    }
    return false;
  }

  private static boolean somebodyListens(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      return false;
    }
  }

  /** A server: the URL before and after the database's name, and who may create databases. */
  private record Server(
      String base, String parameters, String username, String password, String maintenance) {

    static Server given(String url) {
      int question = url.indexOf('?');
      int slash = url.lastIndexOf('/', question < 0 ? url.length() : question);
      Map<String, String> parameters = new LinkedHashMap<>();
      for (String part : url.substring(question + 1).split("&")) {
        int equals = part.indexOf('=');
        if (equals > 0) {
          parameters.put(
              part.substring(0, equals),
              URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
      }
      String user = parameters.remove("user");
      String password = parameters.remove("password");
      if (!url.startsWith("jdbc:postgresql://") || slash < 18 || user == null || password == null) {
        throw new PostgresException(
            URL_VARIABLE
                + " must look like jdbc:postgresql://HOST:PORT/DATABASE?user=NAME&password=WORD");
      }
      String database = url.substring(slash + 1, question);
      String rest =
          parameters.entrySet().stream()
              .map(entry -> entry.getKey() + "=" + entry.getValue())
              .collect(Collectors.joining("&", "?", ""));
      return new Server(
          url.substring(0, slash + 1),
          parameters.isEmpty() ? "" : rest,
          user,
          password,
          database.isEmpty() ? "postgres" : database);
    }

    String url(String database) {
      return base + database + parameters;
    }

    void execute(String sql) {
      try (Connection connection =
              DriverManager.getConnection(url(maintenance), username, password);
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new PostgresException("'" + sql + "' failed on " + url(maintenance), e);
      }
    }
  }
}
