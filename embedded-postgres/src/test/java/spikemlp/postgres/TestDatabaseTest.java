package spikemlp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class TestDatabaseTest {

  private static Connection connect(TestDatabase database) throws SQLException {
    return DriverManager.getConnection(
        database.jdbcUrl(), database.username(), database.password());
  }

  @Test
  void eachIsFreshAndGoneAfterwardsThoughASessionIsOpen() throws Exception {
    TestDatabase one = TestDatabase.create("fresh");
    try (TestDatabase other = TestDatabase.create("fresh");
        Connection first = connect(one);
        Statement statement = first.createStatement();
        Connection second = connect(other);
        Statement elsewhere = second.createStatement()) {
      statement.execute("CREATE TABLE mine (n int)");
      assertThat(one.jdbcUrl()).isNotEqualTo(other.jdbcUrl());
      assertThatThrownBy(() -> elsewhere.execute("SELECT * FROM mine"))
          .hasMessageContaining("does not exist");
      one.close();
    }

    assertThatThrownBy(() -> connect(one)).hasMessageContaining("does not exist");
  }

  @Test
  void itIsTheVersionThatTheProductRunsOn() throws Exception {
    try (TestDatabase database = TestDatabase.create("version");
        Connection connection = connect(database)) {
      assertThat(connection.getMetaData().getDatabaseMajorVersion()).isGreaterThanOrEqualTo(18);
    }
  }

  @Test
  void prefixesArePlain() {
    assertThatIllegalArgumentException().isThrownBy(() -> TestDatabase.create("a b"));
  }
}
