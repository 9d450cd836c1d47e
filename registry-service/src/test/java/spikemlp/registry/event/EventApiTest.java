package spikemlp.registry.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import spikemlp.contract.registry.RegistryEvent;
import spikemlp.registry.RunningRegistry;
import spikemlp.security.Scope;

class EventApiTest {

  private static final int MOVES = 100;

  private static RunningRegistry registry;
  private static HttpClient client;

  @BeforeAll
  static void start() {
    registry =
        RunningRegistry.start(
            "--spikemlp.registry.events.heartbeat=300ms",
            "--spikemlp.registry.events.max-subscribers=4");
    client = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() throws IOException {
    client.shutdownNow();
    registry.close();
  }

  /** A block of a stream: its lines up to the empty one. */
  private record Block(String text, long arrived) {
    String field(String name) {
      return text.lines()
          .filter(line -> line.startsWith(name + ":"))
          .map(line -> line.substring(name.length() + 1))
          .findFirst()
          .orElse("");
    }

    RegistryEvent event() {
      return RunningRegistry.JSON.readValue(field("data"), RegistryEvent.class);
    }
  }

  /** An open stream; its blocks as they come. */
  private static final class Stream implements AutoCloseable {
    private final InputStream body;
    private final BlockingQueue<Block> blocks = new LinkedBlockingQueue<>();

    Stream(String query, String... headers) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(registry.base().resolve("/api/v1/events" + query))
              .header("Authorization", "Bearer " + registry.token(Scope.READ));
      HttpRequest get = (headers.length == 0 ? request : request.headers(headers)).build();
      // The streams of the tests before may take a moment to end.
      HttpResponse<InputStream> response =
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .until(
                  () -> client.send(get, BodyHandlers.ofInputStream()),
                  answer -> answer.statusCode() != 503);
      assertThat(response.statusCode()).isEqualTo(200);
      body = response.body();
      Thread.ofVirtual().start(this::read);
      assertThat(next().text()).contains("connected");
    }

    private void read() {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        StringBuilder block = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.isEmpty()) {
            blocks.add(new Block(block.toString(), System.nanoTime()));
            block.setLength(0);
          } else {
            block.append(line).append('\n');
          }
        }
      } catch (IOException e) {
        blocks.add(new Block(":closed", System.nanoTime()));
      }
    }

    Block next() throws InterruptedException {
      return Objects.requireNonNull(
          blocks.poll(20, TimeUnit.SECONDS), "the stream had nothing for 20 s");
    }

    Block nextEvent() throws InterruptedException {
      Block block = next();
      while (block.text().startsWith(":")) {
        block = next();
      }
      return block;
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  private static void versions(String model, int count) {
    for (int i = 1; i <= count; i++) {
      assertThat(registry.register(model, registry.request("job-" + i)).statusCode())
          .isEqualTo(201);
    }
  }

  private static HttpResponse<byte[]> move(String model, String alias, int version) {
    return registry.sendJson(
        "PUT", "/api/v1/models/" + model + "/aliases/" + alias, Map.of("version", version));
  }

  @Test
  void changesAreToldInTheirOrder() throws Exception {
    try (Stream stream = new Stream("?model=told")) {
      versions("other", 1);
      versions("told", 2);
      move("told", "champion", 1);
      move("told", "champion", 1);
      move("told", "champion", 2);
      registry.send("DELETE", "/api/v1/models/told/aliases/champion", BodyPublishers.noBody());

      List<RegistryEvent> events = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        Block block = stream.nextEvent();
        assertThat(block.field("event")).isEqualTo(block.event().kind());
        assertThat(block.field("id")).isEqualTo(Long.toString(block.event().id()));
        events.add(block.event());
      }
      assertThat(events)
          .extracting(RegistryEvent::kind)
          .containsExactly(
              RegistryEvent.VERSION_CREATED,
              RegistryEvent.VERSION_CREATED,
              RegistryEvent.ALIAS_MOVED,
              RegistryEvent.ALIAS_MOVED,
              RegistryEvent.ALIAS_REMOVED);
      assertThat(events).extracting(RegistryEvent::id).isSorted().doesNotHaveDuplicates();
      assertThat(events).extracting(RegistryEvent::model).containsOnly("told");
      assertThat(events.get(0).detail()).containsEntry("state", "READY");
      assertThat(events.get(3).detail()).containsEntry("from", 1).containsEntry("to", 2);
      assertThat(events.get(3).alias()).isEqualTo("champion");
      assertThat(stream.next().text()).as("a heartbeat").startsWith(":");
    }
  }

  @Test
  void whateverChangesAVersionIsTold() throws Exception {
    String version = "/api/v1/models/changed/versions/2";
    versions("changed", 2);
    try (Stream stream = new Stream("?model=changed")) {
      registry.sendJson("PUT", version + "/tags/stage", Map.of("value", "shelf"));
      registry.sendJson("PUT", version + "/tags/stage", Map.of("value", "shelf"));
      registry.sendJson("POST", version + ":archive", "");
      registry.sendJson("POST", version + ":restore", "");
      registry.sendJson("DELETE", version, "");
      registry.sendJson("POST", version + ":undelete", "");
      registry.sendJson("DELETE", version, "");
      registry
          .jdbc()
          .sql(
              "delete from version_artifact f using model_version v, model m"
                  + " where f.version_id = v.id and m.id = v.model_id and m.name = 'changed'"
                  + " and v.version = 2")
          .update();
      registry
          .jdbc()
          .sql(
              "delete from model_version v using model m"
                  + " where m.id = v.model_id and m.name = 'changed' and v.version = 2")
          .update();

      List<RegistryEvent> events = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        events.add(stream.nextEvent().event());
      }
      assertThat(events)
          .extracting(RegistryEvent::kind)
          .containsExactly(
              RegistryEvent.VERSION_TAGGED,
              RegistryEvent.VERSION_CHANGED,
              RegistryEvent.VERSION_CHANGED,
              RegistryEvent.VERSION_DELETED,
              RegistryEvent.VERSION_UNDELETED,
              RegistryEvent.VERSION_DELETED,
              RegistryEvent.VERSION_PURGED);
      assertThat(events).extracting(RegistryEvent::version).containsOnly(2);
      assertThat(events.get(0).detail()).containsEntry("to", Map.of("stage", "shelf"));
      assertThat(events.get(1).detail())
          .containsEntry("from", "READY")
          .containsEntry("state", "ARCHIVED");
      assertThat(events.get(2).detail()).containsEntry("state", "READY");
    }
  }

  @Test
  void aSubscriberThatComesBackMissesNothing() throws Exception {
    versions("resumed", 2);
    String last;
    try (Stream stream = new Stream("?model=resumed")) {
      move("resumed", "canary", 1);
      last = stream.nextEvent().field("id");
    }
    move("resumed", "canary", 2);
    move("resumed", "canary", 1);
    try (Stream stream = new Stream("?model=resumed", "Last-Event-ID", last)) {
      assertThat(stream.nextEvent().event().version()).isEqualTo(2);
      assertThat(stream.nextEvent().event().version()).isEqualTo(1);
    }
  }

  @Test
  void whoMissedEventsThatWereRemovedIsTold() throws Exception {
    versions("aged", 1);
    registry
        .jdbc()
        .sql("update registry_event set at = now() - interval '31 days' where model = 'aged'")
        .update();
    registry.context().getBean(EventLog.class).removeOld();
    move("aged", "champion", 1);
    try (Stream stream = new Stream("?model=aged", "Last-Event-ID", "0")) {
      assertThat(stream.nextEvent().field("event")).isEqualTo("reset");
      assertThat(stream.nextEvent().field("event")).isEqualTo(RegistryEvent.ALIAS_MOVED);
    }
  }

  @Test
  void anAliasMoveIsSeenWithinASecond() throws Exception {
    versions("fast", 2);
    long[] nanos = new long[MOVES];
    try (Stream stream = new Stream("?model=fast")) {
      for (int i = 0; i < MOVES; i++) {
        long sent = System.nanoTime();
        assertThat(move("fast", "champion", i % 2 + 1).statusCode()).isEqualTo(200);
        nanos[i] = stream.nextEvent().arrived() - sent;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        "alias move to event, request included: median %.1f ms, p99 %.1f ms, most %.1f ms%n",
        nanos[MOVES / 2] / 1e6, nanos[MOVES - 2] / 1e6, nanos[MOVES - 1] / 1e6);
    assertThat(Duration.ofNanos(nanos[MOVES - 2])).isLessThan(Duration.ofSeconds(1));
    assertThat(LongStream.of(nanos).filter(n -> n < 300_000_000L).count())
        .as("events come by PostgreSQL's word, not by looking every second")
        .isGreaterThan(MOVES / 2);
  }

  @Test
  void eventsGoOnAfterTheListenersConnectionBroke() throws Exception {
    versions("broken", 2);
    try (Stream stream = new Stream("?model=broken")) {
      for (int i = 0; i < 3; i++) {
        assertThat(
                registry
                    .jdbc()
                    .sql(
                        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                            + " where application_name = 'spikemlp-registry-events'"
                            + " and datname = current_database()")
                    .query(Integer.class)
                    .single())
            .isLessThanOrEqualTo(1);
        move("broken", "champion", i % 2 + 1);
        assertThat(stream.nextEvent().field("event")).isEqualTo(RegistryEvent.ALIAS_MOVED);
      }
    }
  }

  @Test
  void idsAppearInTheirOrderHoweverManyWriteAtOnce() throws Exception {
    for (int i = 0; i < 8; i++) {
      versions("parallel-" + i, 1);
    }
    try (Stream stream = new Stream("");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<byte[]>>> moves = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        String model = "parallel-" + i % 8;
        String alias = "a" + i;
        moves.add(threads.submit(() -> move(model, alias, 1)));
      }
      for (Future<HttpResponse<byte[]>> move : moves) {
        assertThat(move.get().statusCode()).isEqualTo(200);
      }
      List<Long> ids = new ArrayList<>();
      while (ids.size() < 80) {
        RegistryEvent event = stream.nextEvent().event();
        if (event.model().startsWith("parallel-")) {
          ids.add(event.id());
        }
      }
      assertThat(ids).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void subscribersAreBoundedAndBadRequestsRefused() throws Exception {
    List<Stream> open = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        open.add(new Stream(""));
      }
      HttpResponse<byte[]> refused = registry.get("/api/v1/events");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(RunningRegistry.code(refused)).isEqualTo("too-many-subscribers");
    } finally {
      for (Stream stream : open) {
        stream.close();
      }
    }
    assertThat(registry.get("/api/v1/events?model=..%2fx").statusCode()).isEqualTo(400);
    assertThat(registry.get("/api/v1/events", "Last-Event-ID", "x").statusCode()).isEqualTo(400);
  }
}
