package spikemlp.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.FileSystemUtils;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Provenance;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.postgres.TestDatabase;
import spikemlp.security.PlatformTokens;
import spikemlp.security.Scope;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The registry on a free port, on a PostgreSQL database and directories of its own. */
public final class RunningRegistry implements AutoCloseable {

  public static final JsonMapper JSON = JsonMapper.builder().build();

  /** The largest artifact that a registry without settings of its own takes. */
  public static final int MAX_ARTIFACT_BYTES = 1 << 20;

  private final TestDatabase database;
  private final Path directory;
  private final ConfigurableApplicationContext context;
  private final HttpClient http = HttpClient.newHttpClient();

  private RunningRegistry(
      TestDatabase database, Path directory, ConfigurableApplicationContext context) {
    this.database = database;
    this.directory = directory;
    this.context = context;
  }

  /** The setting of {@link #MAX_ARTIFACT_BYTES}. */
  public static final String SMALL =
      "--spikemlp.registry.max-artifact-size=" + MAX_ARTIFACT_BYTES + "B";

  /**
   * A registry with settings of its own instead of {@link #SMALL}, such as {@code
   * --spikemlp.registry.artifact-grace=0s}.
   */
  public static RunningRegistry start(String... settings) {
    try {
      Path directory = Files.createTempDirectory("registry-test");
      TestDatabase database = TestDatabase.create("registry");
      return new RunningRegistry(
          database,
          directory,
          RegistryApplication.builder()
              .run(
                  Stream.of(
                          arguments(database, directory).stream(),
                          Stream.of(settings.length > 0 ? settings : new String[] {SMALL}))
                      .flatMap(Function.identity())
                      .toArray(String[]::new)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The settings that every registry of the tests has. */
  public static List<String> arguments(TestDatabase database, Path directory) {
    return List.of(
        "--server.port=0",
        "--spring.datasource.url=" + database.jdbcUrl(),
        "--spring.datasource.username=" + database.username(),
        "--spring.datasource.password=" + database.password(),
        "--spikemlp.security.key-directory=" + directory.resolve("keys"),
        "--spikemlp.registry.artifact-directory=" + directory.resolve("artifacts"));
  }

  @Override
  public void close() throws IOException {
    http.close();
    context.close();
    database.close();
    FileSystemUtils.deleteRecursively(directory);
  }

  public ConfigurableApplicationContext context() {
    return context;
  }

  public TestDatabase database() {
    return database;
  }

  public JdbcClient jdbc() {
    return context.getBean(JdbcClient.class);
  }

  public Path artifactDirectory() {
    return directory.resolve("artifacts");
  }

  public int port() {
    return ((ServletWebServerApplicationContext) context).getWebServer().getPort();
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public String token(Scope... scopes) {
    return context
        .getBean(PlatformTokens.class)
        .mint("tester", Set.of(scopes), Duration.ofMinutes(5));
  }

  /** Sends with a token of every scope but admin; {@code headers} are names and values in turn. */
  public HttpResponse<byte[]> send(
      String method, String path, BodyPublisher body, String... headers) {
    return send(token(Scope.READ, Scope.TRAIN, Scope.PROMOTE), method, path, body, headers);
  }

  /** Sends JSON with a token of scope admin; {@code body} may be empty. */
  public HttpResponse<byte[]> sendAsAdmin(String method, String path, Object body) {
    BodyPublisher json =
        body.equals(Map.of())
            ? BodyPublishers.noBody()
            : BodyPublishers.ofString(JSON.writeValueAsString(body));
    return send(token(Scope.ADMIN), method, path, json, "Content-Type", "application/json");
  }

  private HttpResponse<byte[]> send(
      String token, String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base().resolve(path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + token)
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  public HttpResponse<byte[]> sendJson(String method, String path, Object body) {
    String json = body instanceof String text ? text : JSON.writeValueAsString(body);
    return send(method, path, BodyPublishers.ofString(json), "Content-Type", "application/json");
  }

  public static JsonNode json(HttpResponse<byte[]> response) {
    return JSON.readTree(response.body());
  }

  /** The {@code code} of a problem. */
  public static String code(HttpResponse<byte[]> response) {
    return json(response).path("code").asString("none");
  }

  /** The {@code detail} of a problem. */
  public static String detail(HttpResponse<byte[]> response) {
    return json(response).path("detail").asString("none");
  }

  public HttpResponse<byte[]> upload(byte[] content) {
    return send("PUT", "/api/v1/artifacts/" + sha256(content), BodyPublishers.ofByteArray(content));
  }

  /** Uploads content that no other call uploads. */
  public Artifact uploaded() {
    byte[] content = UUID.randomUUID().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    upload(content);
    return new Artifact(sha256(content), content.length);
  }

  public HttpResponse<byte[]> register(String model, RegisterVersionRequest request) {
    return sendJson("POST", "/api/v1/models/" + model + "/versions", request);
  }

  /** A request whose proof passes, with a freshly uploaded model file. */
  public RegisterVersionRequest request(String job) {
    return request(job, Map.of(RegisterVersionRequest.MODEL_FILE, uploaded()), PASSED);
  }

  public static RegisterVersionRequest request(
      String job, Map<String, Artifact> artifacts, ExportProof proof) {
    return new RegisterVersionRequest(job, card(job), artifacts, Map.of("accuracy", 0.97), proof);
  }

  public static final ExportProof PASSED =
      new ExportProof(10, 10, 1e-6, 1000, 0, true, "ONNX Runtime 1.29.0");
  public static final ExportProof FAILED =
      new ExportProof(10, 9, 0.5, 1000, 7, true, "ONNX Runtime 1.29.0");

  private static ModelCard card(String job) {
    return ModelCard.of(
        "custom",
        NetworkConfig.of(8, 8, 4, 3, List.of(1), 2),
        new InputSpec(8, 8, InputSpec.Fit.COVER, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25)),
        List.of("left", "right"),
        new Provenance(job, "digits", "0".repeat(64), 1, "2026-11-23T00:00:00Z", new TreeMap<>()));
  }

  public static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
