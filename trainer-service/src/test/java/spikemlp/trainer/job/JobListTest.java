package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import spikemlp.contract.job.JobProgress;
import spikemlp.postgres.TestDatabase;
import spikemlp.trainer.RunningTrainer;
import spikemlp.trainer.RunningTrainer.Answer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The list of jobs over HTTP. */
class JobListTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String DIGITS = "{\"kind\": \"digits\"}";

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

  @BeforeEach
  void empty() {
    jdbc.sql("delete from training_jobs").update();
  }

  private static void job(String id, String name, String state, String dataSet, Instant created) {
    jdbc.sql(
            """
            insert into training_jobs (id, name, request, state, progress, submitted_by, created_at)
            values
              (?, ?, jsonb_build_object('name', ?, 'dataSet', ?::jsonb), ?, ?::jsonb, 'tester', ?)
            """)
        .param(id)
        .param(name)
        .param(name)
        .param(dataSet)
        .param(state)
        .param(JsonMapper.shared().writeValueAsString(JobProgress.NONE))
        .param(created.atOffset(ZoneOffset.UTC))
        .update();
  }

  private static Answer list(String query) {
    return trainer.get(Jobs.PATH + query);
  }

  private static List<String> ids(Answer answer) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    return answer.body().get("items").valueStream().map(job -> job.get("id").asString()).toList();
  }

  @Test
  void aJobIsSummedUpWithoutItsCurve() {
    String id = Jobs.submit(trainer, Jobs.tiny(3, 0.1));
    jdbc.sql("insert into epoch_metrics values (?, 1, 0.5, 0.5, 0.5, 0.1, 100, 0.4)")
        .param(id)
        .update();
    JsonNode page = list("").body();
    JsonNode job = page.get("items").get(0);
    assertThat(job.get("name").asString()).isEqualTo("tiny");
    assertThat(job.get("state").asString()).isEqualTo("QUEUED");
    assertThat(job.get("dataSet").get("kind").asString()).isEqualTo("digits");
    assertThat(job.get("progress").get("step").asString()).isEqualTo("queued");
    assertThat(job.has("createdAt")).isTrue();
    assertThat(job.has("curve")).isFalse();
    assertThat(job.has("request")).isFalse();
    assertThat(page.has("next")).isFalse();
  }

  @Test
  void filtersHoldTogether() {
    job("a", "digits", "COMPLETED", DIGITS, NOON);
    job("b", "digits", "FAILED", DIGITS, NOON.plusSeconds(1));
    job("c", "pets", "QUEUED", "{\"kind\": \"path\", \"path\": \"pets.zip\"}", NOON.plusSeconds(2));
    job("d", "pets", "RUNNING", "{\"kind\": \"path\", \"path\": \"cats\"}", NOON.plusSeconds(3));
    assertThat(ids(list(""))).containsExactly("d", "c", "b", "a");
    assertThat(ids(list("?state=FAILED&state=QUEUED"))).containsExactly("c", "b");
    assertThat(ids(list("?name=digits&state=FAILED"))).containsExactly("b");
    assertThat(ids(list("?dataSet=digits"))).containsExactly("b", "a");
    assertThat(ids(list("?dataSet=path"))).containsExactly("d", "c");
    assertThat(ids(list("?dataSet=pets.zip"))).containsExactly("c");
    assertThat(ids(list("?createdAfter=2026-03-01T12:00:00Z&createdBefore=2026-03-01T12:00:03Z")))
        .containsExactly("c", "b");
    assertThat(ids(list("?name=nobody"))).isEmpty();
  }

  @Test
  void aJobWhoseWorkerFellSilentIsFoundAsRecovering() {
    job("silent", "digits", "RUNNING", DIGITS, NOON);
    job("works", "digits", "RUNNING", DIGITS, NOON);
    jdbc.sql("update training_jobs set lease_until = now() - interval '1 s' where id = 'silent'")
        .update();
    assertThat(ids(list("?state=RECOVERING"))).containsExactly("silent");
    assertThat(ids(list("?state=RUNNING"))).containsExactly("works");
    assertThat(ids(list("?state=RUNNING&state=RECOVERING"))).containsExactly("works", "silent");
  }

  @Test
  void aWalkThroughThePagesSeesEachJobOnceThoughOthersCome() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      String id = "job-%02d".formatted(i);
      job(id, "digits", "COMPLETED", DIGITS, NOON.plusSeconds(i / 3)); // some at the same time
      expected.addFirst(id);
    }
    List<String> seen = new ArrayList<>();
    String next = "";
    int pages = 0;
    do {
      Answer page = list("?limit=7" + next);
      seen.addAll(ids(page));
      Jobs.submit(trainer, Jobs.tiny(1, 0.1));
      next = page.body().has("next") ? "&after=" + page.body().get("next").asString() : "";
      pages++;
    } while (!next.isEmpty());
    assertThat(seen).containsExactlyElementsOf(expected);
    assertThat(pages).isEqualTo(5);
  }

  @Test
  void aFullLastPageHasNoNext() {
    for (int i = 0; i < 4; i++) {
      job("j" + i, "digits", "COMPLETED", DIGITS, NOON.plusSeconds(i));
    }
    assertThat(list("?limit=4").body().has("next")).isFalse();
    assertThat(list("?limit=3").body().has("next")).isTrue();
  }

  @Test
  void everyWrongParameterIsNamedAtOnce() {
    Answer answer =
        list(
            "?state=DONE&state=QUEUED&name=&name=x&dataSet=a%00b&createdAfter=yesterday"
                + "&createdBefore=%2B999999999-12-31T23:59:59Z&limit=201&after="
                + URLEncoder.encode("bm8gcGxhY2U", StandardCharsets.UTF_8)
                + "&offset=3");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().get("code").asString()).isEqualTo("invalid-request");
    assertThat(answer.body().get("errors"))
        .extracting(error -> error.get("field").asString())
        .containsExactly(
            "state",
            "name",
            "dataSet",
            "createdAfter",
            "createdBefore",
            "limit",
            "after",
            "offset");
    assertThat(answer.body().get("detail").asString())
        .contains("QUEUED, RUNNING", "given 2 times", "1 to 200", "2026-01-31T12:00:00Z");
    assertThat(answer.body().get("errors").get(0).get("value").asString()).isEqualTo("DONE");
  }
}
