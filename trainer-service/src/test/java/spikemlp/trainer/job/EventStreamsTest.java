package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.Scope;
import spikemlp.trainer.RunningTrainer;

class EventStreamsTest {

  private static final Pattern ID = Pattern.compile("id:([0-9]+)");

  @TempDir static Path home;
  private static TestDatabase database;
  private static RunningTrainer trainer;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() {
    database = TestDatabase.create("trainer");
    trainer = RunningTrainer.start(database, home, "workers=0", "heartbeat=200ms");
    jdbc = JdbcClient.create(trainer.context().getBean(DataSource.class));
  }

  @AfterAll
  static void stop() {
    trainer.close();
    database.close();
  }

  private static HttpRequest request(String job, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(trainer.base().resolve(Jobs.PATH + "/" + job + "/events"))
            .header("Authorization", "Bearer " + trainer.token(Scope.READ));
    return (headers.length == 0 ? request : request.headers(headers)).build();
  }

  private static void metrics(String job, int from, int to) {
    jdbc.sql(
            "insert into job_events (job_id, kind, data) select :job, 'metric',"
                + " jsonb_build_object('epoch', n) from generate_series(:from, :to) n")
        .param("job", job)
        .param("from", from)
        .param("to", to)
        .update();
  }

  private static List<Long> ids(String stream) {
    return ID.matcher(stream).results().map(id -> Long.valueOf(id.group(1))).toList();
  }

  private static List<Long> idsOf(String job) {
    return jdbc.sql("select id from job_events where job_id = ? order by id")
        .param(job)
        .query(Long.class)
        .list();
  }

  @Test
  void twoHundredReadersOfAJobEachGetEveryEventOnce() throws Exception {
    String job = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    metrics(job, 1, 600);
    try (HttpClient http = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        streams.add(http.sendAsync(request(job), BodyHandlers.ofString()));
        if (i % 50 == 0) {
          metrics(job, 601 + i, 650 + i);
        }
      }
      for (int i = 0; i < 20; i++) {
        metrics(job, 1_000 + i, 1_000 + i);
      }
      trainer.post(Jobs.PATH + "/" + job + ":stop", "");
      List<Long> all = idsOf(job);
      for (CompletableFuture<HttpResponse<String>> stream : streams) {
        assertThat(stream.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        String body = stream.get().body();
        assertThat(body).startsWith("event:state").contains("event:end");
        assertThat(ids(body)).isSorted().doesNotHaveDuplicates().endsWith(all.getLast());
        assertThat(ids(body)).containsAll(all.subList(1, all.size() - 2));
      }
    }
  }

  @Test
  void aReaderThatComesAgainGetsWhatItMissedAndAnIdleOneAComment() throws Exception {
    String job = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    metrics(job, 1, 10);
    List<Long> all = idsOf(job);
    try (HttpClient http = HttpClient.newHttpClient()) {
      var stream =
          http.sendAsync(
              request(job, "Last-Event-ID", all.get(5).toString()), BodyHandlers.ofString());
      new CountDownLatch(1).await(1_500, TimeUnit.MILLISECONDS);
      trainer.post(Jobs.PATH + "/" + job + ":stop", "");
      String body = stream.get(30, TimeUnit.SECONDS).body();
      assertThat(ids(body)).containsExactlyElementsOf(idsOf(job).subList(6, idsOf(job).size()));
      assertThat(body).contains(":still here");
    }
  }

  @Test
  void theStreamOfAJobThatIsDeletedUnderItsReaderEnds() throws Exception {
    String job = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    try (HttpClient http = HttpClient.newHttpClient()) {
      var stream = http.sendAsync(request(job), BodyHandlers.ofString());
      new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
      jdbc.sql("delete from training_jobs where id = ?").param(job).update();
      assertThat(stream.get(30, TimeUnit.SECONDS).body()).doesNotContain("event:end");
    }
  }

  @Test
  void aSlowReaderFallsBackToTheTableAndMissesNothing() throws Exception {
    String job = Jobs.submit(trainer, Jobs.tiny(1, 0.1));
    EventReader reader = trainer.context().getBean(EventReader.class);
    CountDownLatch reads = new CountDownLatch(1);
    List<String> sent = Collections.synchronizedList(new ArrayList<>());
    SseEmitter slow =
        new SseEmitter(0L) {
          @Override
          public void send(SseEventBuilder event) throws IOException {
            try {
              reads.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            event.build().forEach(part -> sent.add(String.valueOf(part.getData())));
          }
        };
    EventSubscriber subscriber = new EventSubscriber(job, slow, reader, Duration.ofMinutes(1), 4);
    Thread thread = Thread.ofVirtual().start(() -> subscriber.run(Optional.of(0L)));
    metrics(job, 1, 100);
    reader.after(job, 0).forEach(subscriber::offer);
    reads.countDown();
    metrics(job, 101, 120);
    reader.after(job, idsOf(job).get(100)).forEach(subscriber::offer);
    trainer.post(Jobs.PATH + "/" + job + ":stop", "");
    reader.after(job, idsOf(job).get(120)).forEach(subscriber::offer);
    assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    assertThat(ids(String.join("", sent)))
        .containsExactlyElementsOf(idsOf(job))
        .hasSizeGreaterThan(120);
  }
}
