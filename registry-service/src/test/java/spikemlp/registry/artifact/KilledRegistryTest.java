package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.registry.Artifact;
import spikemlp.postgres.TestDatabase;
import spikemlp.registry.RegistryProcess;
import spikemlp.registry.RunningRegistry;

/**
 * A registry that is killed at random instants while files are uploaded in one go and in parts,
 * versions registered and artifacts collected, all at once. {@code -Dspikemlp.test.kills=50} sets
 * how often, {@code -Dspikemlp.test.seed=8} when.
 */
class KilledRegistryTest {

  private static final int KILLS = Integer.getInteger("spikemlp.test.kills", 1);
  private static final int SEED = Integer.getInteger("spikemlp.test.seed", 7);
  private static final int SHARED = 8;
  private static final long HEAP = 256L << 20;
  private static final String PART = "application/offset+octet-stream";

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger number = new AtomicInteger();
  private final AtomicInteger registered = new AtomicInteger();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @Test
  void noVersionRefersToAMissingOrWrongArtifactAndNoArtifactLivesForEver() throws Exception {
    Random random = new Random(SEED);
    try (TestDatabase database = TestDatabase.create("killed");
        Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password())) {
      for (int kill = 0; kill < KILLS; kill++) {
        try (RegistryProcess registry = start(database);
            ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
          for (int i = 0; i < 3; i++) {
            Random registering = new Random(random.nextLong());
            Random abandoning = new Random(random.nextLong());
            clients.execute(() -> repeat(() -> register(registry, registering)));
            clients.execute(() -> repeat(() -> abandon(registry, abandoning)));
          }
          clients.execute(() -> repeat(() -> collect(registry)));
          int before = registered.get();
          Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> registered.get() > before);
          Thread.sleep(random.nextInt(1500));
          registry.kill();
          clients.shutdownNow();
        }
        assertEveryVersionIsWhole(connection);
      }
      assertThat(failures).isEmpty();
      assertThat(registered).as("versions registered in between").hasPositiveValue();
      try (RegistryProcess registry = start(database)) {
        execute(connection, "update artifact set touched_at = now() - interval '1 hour'");
        execute(connection, "update upload set touched_at = now() - interval '1 hour'");
        collect(registry);
        assertEveryVersionIsWhole(connection);
        assertThat(new TreeSet<>(files()))
            .as("files that are left")
            .isEqualTo(
                new TreeSet<>(texts(connection, "select distinct sha256 from version_artifact")));
        assertThat(texts(connection, "select sha256 from artifact"))
            .containsExactlyInAnyOrderElementsOf(files());
        System.out.printf(
            "%d kills: %d versions whole, %d artifacts left%n",
            KILLS, texts(connection, "select id from model_version").size(), files().size());
      }
    } finally {
      client.shutdownNow();
    }
  }

  private RegistryProcess start(TestDatabase database) throws IOException {
    return new RegistryProcess(
        database,
        directory,
        HEAP,
        "--spikemlp.registry.artifact-grace=2s",
        "--spikemlp.registry.upload-expiry=10s",
        "--spikemlp.registry.max-open-uploads=100000");
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  /** Until the registry is gone. */
  private void repeat(Step step) {
    try {
      while (true) {
        step.run();
      }
    } catch (IOException | InterruptedException gone) {
      Thread.currentThread().interrupt();
    } catch (AssertionError | RuntimeException failure) {
      failures.add(failure);
    }
  }

  private HttpResponse<byte[]> send(
      RegistryProcess registry, String method, String path, BodyPublisher body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(registry.base().resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + registry.token())
            .method(method, body);
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        BodyHandlers.ofByteArray());
  }

  /** One of a few that all share, or one of its own. */
  private static byte[] content(Random random) {
    Random source = random.nextBoolean() ? new Random(random.nextInt(SHARED)) : random;
    byte[] content = new byte[1 + source.nextInt(300_000)];
    source.nextBytes(content);
    return content;
  }

  /** Uploads a file in one go and one in parts, and registers a version of both. */
  private void register(RegistryProcess registry, Random random)
      throws IOException, InterruptedException {
    byte[] whole = content(random);
    byte[] parts = content(random);
    send(
        registry,
        "PUT",
        "/api/v1/artifacts/" + RunningRegistry.sha256(whole),
        BodyPublishers.ofByteArray(whole));
    inParts(registry, parts);
    HttpResponse<byte[]> answer =
        send(
            registry,
            "POST",
            "/api/v1/models/killed/versions",
            BodyPublishers.ofString(
                RunningRegistry.JSON.writeValueAsString(
                    RunningRegistry.request(
                        "job-" + number.incrementAndGet(),
                        Map.of("model.onnx", artifact(whole), "report.json", artifact(parts)),
                        RunningRegistry.PASSED))),
            "Content-Type",
            "application/json");
    if (answer.statusCode() == 201) {
      registered.incrementAndGet();
    } else {
      assertThat(answer.statusCode()).as("collected before it was registered").isEqualTo(409);
    }
  }

  /** Uploads what no version will refer to, and half of something. */
  private void abandon(RegistryProcess registry, Random random)
      throws IOException, InterruptedException {
    byte[] content = content(random);
    send(
        registry,
        "PUT",
        "/api/v1/artifacts/" + RunningRegistry.sha256(content),
        BodyPublishers.ofByteArray(content));
    byte[] half = content(random);
    String upload = open(registry, half);
    append(registry, upload, 0, Arrays.copyOf(half, half.length / 2));
  }

  private void inParts(RegistryProcess registry, byte[] content)
      throws IOException, InterruptedException {
    String upload = open(registry, content);
    int half = content.length / 2;
    append(registry, upload, 0, Arrays.copyOf(content, half));
    append(registry, upload, half, Arrays.copyOfRange(content, half, content.length));
  }

  private String open(RegistryProcess registry, byte[] content)
      throws IOException, InterruptedException {
    return send(
            registry,
            "POST",
            "/api/v1/uploads",
            BodyPublishers.ofString(RunningRegistry.JSON.writeValueAsString(artifact(content))),
            "Content-Type",
            "application/json")
        .headers()
        .firstValue("Location")
        .orElseThrow();
  }

  private void append(RegistryProcess registry, String upload, int offset, byte[] part)
      throws IOException, InterruptedException {
    send(
        registry,
        "PATCH",
        upload,
        BodyPublishers.ofByteArray(part),
        "Content-Type",
        PART,
        "Upload-Offset",
        Integer.toString(offset));
  }

  private void collect(RegistryProcess registry) throws IOException, InterruptedException {
    assertThat(
            send(registry, "POST", "/api/v1/artifacts:collect", BodyPublishers.noBody())
                .statusCode())
        .isEqualTo(200);
    Thread.sleep(50);
  }

  private static Artifact artifact(byte[] content) {
    return new Artifact(RunningRegistry.sha256(content), content.length);
  }

  private void assertEveryVersionIsWhole(Connection connection) throws Exception {
    for (String sha : texts(connection, "select distinct sha256 from version_artifact")) {
      Path file = ArtifactCollectionTest.file(directory.resolve("artifacts"), sha);
      assertThat(RunningRegistry.sha256(Files.readAllBytes(file))).isEqualTo(sha);
    }
  }

  /** Every file below the artifact directory, by its name. */
  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory.resolve("artifacts"))) {
      return files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  private static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
