package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.StepMetrics;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import spikemlp.trainer.job.JobLogStore.Line;
import tools.jackson.databind.JsonNode;

/** Metrics and logs of jobs over HTTP. */
class JobHistoryTest {

  @TempDir static Path home;
  private static TestDatabase database;
  private static RunningTrainer trainer;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() {
    database = TestDatabase.create("trainer");
    trainer = RunningTrainer.start(database, home, "workers=0");
    jdbc = JdbcClient.create(trainer.context().getBean(DataSource.class));
  }

  @AfterAll
  static void stop() {
    trainer.close();
    database.close();
  }

  private static Answer metrics(String id, String query) {
    return trainer.get(Jobs.PATH + "/" + id + "/metrics" + query);
  }

  private static Answer logs(String id, String query) {
    return trainer.get(Jobs.PATH + "/" + id + "/logs" + query);
  }

  private static List<String> messages(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer
        .body()
        .get("items")
        .valueStream()
        .map(line -> line.get("message").asString())
        .toList();
  }

  @Test
  void aSeriesComesWholeOrWithItsSpikesInFewerPoints() {
    String id = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    jdbc.sql(
            """
            insert into step_metrics
            select :id, n * 50, (n - 1) / 10 + 1, case n when 777 then 9 else 1 end, 0.5, 0.1, 100
            from generate_series(1, 1000) n
            """)
        .param("id", id)
        .update();
    jdbc.sql(
            "insert into epoch_metrics select :id, n, 1, 0.5, 0.5, 0.1, 100, 0.4"
                + " from generate_series(1, 30) n")
        .param("id", id)
        .update();
    assertThat(Jobs.stepSeries(trainer, id))
        .hasSize(1000)
        .startsWith(new StepMetrics(50, 1, 1, 0.5, 0.1, 100));
    JsonNode fewer = metrics(id, "?series=step&points=40").body();
    assertThat(fewer.get("series").asString()).isEqualTo("step");
    assertThat(fewer.get("recorded").asInt()).isEqualTo(1000);
    assertThat(fewer.get("points").size()).isBetween(20, 40);
    assertThat(fewer.get("points").get(0).get("step").asInt()).isEqualTo(50);
    assertThat(fewer.get("points"))
        .extracting(point -> point.get("step").asInt())
        .contains(38_850)
        .endsWith(50_000);
    JsonNode epochs = metrics(id, "").body();
    assertThat(epochs.get("series").asString()).isEqualTo("epoch");
    assertThat(epochs.get("points").size()).isEqualTo(30);
    assertThat(epochs.get("points").get(0).get("testLoss").asDouble()).isEqualTo(0.4);
    assertThat(metrics(id, "?points=10").body().get("points").size()).isLessThanOrEqualTo(10);
  }

  @Test
  void everyWrongParameterOfMetricsAndLogsIsNamedAtOnce() {
    String id = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    Answer series = metrics(id, "?series=batch&points=3&from=0");
    assertThat(series.status()).isEqualTo(400);
    assertThat(series.body().get("detail").asString())
        .contains("series is epoch or step", "points is a whole number from 4 to 10000", "from is");
    Answer lines = logs(id, "?after=-1&limit=1001");
    assertThat(lines.status()).isEqualTo(400);
    assertThat(lines.body().get("errors"))
        .extracting(error -> error.get("field").asString())
        .containsExactly("after", "limit");
  }

  @Test
  void aLogIsReadOnBehindALine() {
    String id = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    JobLogStore store = trainer.context().getBean(JobLogStore.class);
    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    store.append(
        List.of(
            new Line(id, now, "INFO", "one"),
            new Line("gone", now, "INFO", "of a job that is not there"),
            new Line(id, now, "WARN", "two"),
            new Line(id, now, "INFO", "three")));
    Answer first = logs(id, "?limit=2");
    assertThat(messages(first)).containsExactly("one", "two");
    assertThat(first.body().get("items").get(1).get("level").asString()).isEqualTo("WARN");
    assertThat(first.body().get("items").get(1).get("time").asString())
        .isEqualTo("2026-03-01T12:00:00Z");
    Answer second = logs(id, "?after=" + first.body().get("next").asString());
    assertThat(messages(second)).containsExactly("three");
    assertThat(second.body().has("next")).isFalse();
  }

  @Test
  void theNewestLinesAreKeptAndThoseThatFoundNoRoomAreCounted() throws Exception {
    String id = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    JobLog log = trainer.context().getBean(JobLog.class);
    try (Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password());
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table job_logs in access exclusive mode");
      long began = System.nanoTime();
      for (int i = 0; i < 3_000; i++) {
        log.add(new Line(id, Instant.EPOCH, "INFO", "line " + i));
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
      connection.rollback();
    }
    List<String> kept =
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> messages(logs(id, "?limit=1000")),
                lines -> lines.stream().anyMatch(line -> line.contains("were dropped")));
    assertThat(kept).hasSize(JobLogStore.KEPT).doesNotContain("line 0");
    assertThat(kept)
        .filteredOn(line -> line.contains("dropped"))
        .allMatch(line -> line.matches("[0-9]+ lines before this one were dropped: .*"));
  }

  @Test
  void aShownMessageHasNoPathNoSqlAndNoToken() {
    assertThat(
            JobLogAppender.shown(
                "StatementCallback; SQL [select secret from t]; bad\nin /var/lib/x/y.bin and"
                    + " C:\\data\\z, Bearer abc.def, eyJhbGciOi.eyJzdWIi.sig"))
        .isEqualTo("StatementCallback; SQL [...]; bad in [path] and [path], [token] [token]");
    String url = "http://127.0.0.1:8082/api/v1/models answered 503 (2/6), 120 images/s";
    assertThat(JobLogAppender.shown(url)).isEqualTo(url);
    assertThat(JobLogAppender.shown("x".repeat(5_000))).hasSize(1_000).endsWith("…");
  }
}
