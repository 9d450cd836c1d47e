package spikemlp.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.postgres.TestDatabase;

@ExtendWith(RegistryExtension.class)
class DatabaseGoneTest {

  private final RunningRegistry registry;

  DatabaseGoneTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void withoutPostgresCallersAreToldToRetryAndServiceResumesWithIt() throws Exception {
    RegisterVersionRequest request = registry.request("job");
    String name = registry.jdbc().sql("select current_database()").query(String.class).single();
    HikariConfigMXBean pool =
        registry.context().getBean(HikariDataSource.class).getHikariConfigMXBean();
    long patience = pool.getConnectionTimeout();
    pool.setConnectionTimeout(1000);
    try (TestDatabase other = TestDatabase.create("operator");
        Connection operator =
            DriverManager.getConnection(other.jdbcUrl(), other.username(), other.password())) {
      allowConnections(operator, name, false);
      try {
        assertUnavailable(registry.get("/api/v1/models"));
        assertUnavailable(registry.register("gone", request));
        assertThat(health("readiness")).isEqualTo(503);
        assertThat(health("liveness")).isEqualTo(200);
      } finally {
        allowConnections(operator, name, true);
      }
    } finally {
      pool.setConnectionTimeout(patience);
    }
    assertThat(statusOnceAvailable()).isEqualTo(200);
    assertThat(registry.register("gone", request).statusCode()).isEqualTo(201);
    assertThat(health("readiness")).isEqualTo(200);
  }

  /** What a caller gets who retries on 503, for half a minute at most. */
  private int statusOnceAvailable() {
    Instant deadline = Instant.now().plusSeconds(30);
    int status = 503;
    while (status == 503 && Instant.now().isBefore(deadline)) {
      status = registry.get("/api/v1/models").statusCode();
    }
    return status;
  }

  private static void assertUnavailable(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(code(response)).isEqualTo("database-unavailable");
    assertThat(detail(response)).doesNotContainIgnoringCase("sql").doesNotContain("jdbc");
    assertThat(response.headers().firstValue("Retry-After")).hasValue("5");
  }

  private static void allowConnections(Connection operator, String database, boolean allowed)
      throws SQLException {
    try (Statement statement = operator.createStatement()) {
      statement.execute("alter database \"" + database + "\" allow_connections " + allowed);
      if (!allowed) {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                + database
                + "'");
      }
    }
  }

  private int health(String group) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = registry.base().resolve("/actuator/health/" + group);
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
