package spikemlp.trainer.registration;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import tools.jackson.databind.json.JsonMapper;

/** A server that keeps the part of the registry's contract that the trainer uses. */
public final class RegistryFixture implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
  private final List<ModelVersion> versions = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> aliases = new ConcurrentHashMap<>();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger downloads = new AtomicInteger();
  private final AtomicReference<Runnable> onUpload = new AtomicReference<>(() -> {});
  private final AtomicReference<Runnable> onRegistration = new AtomicReference<>(() -> {});

  public RegistryFixture() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/artifacts/", this::artifact);
    server.createContext("/api/v1/models/", this::version);
    server.createContext("/api/v1/resolve", this::resolve);
    server.start();
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers the next requests with 503. */
  public void failNext(int requests) {
    failures.set(requests);
  }

  public List<ModelVersion> versions() {
    return List.copyOf(versions);
  }

  /** Points an alias, {@code name@alias}, at a version. */
  public void alias(String alias, int version) {
    aliases.put(alias, version);
  }

  /** Adds a version as it is, with its number and name. */
  public void add(ModelVersion version) {
    versions.add(version);
  }

  /** Has an artifact answered with other content. */
  public void corrupt(String sha256, byte[] content) {
    artifacts.put(sha256, content);
  }

  /** Does something when the next artifact is uploaded, before it is answered. */
  public void onUpload(Runnable action) {
    onUpload.set(action);
  }

  /** Does something when the next version is registered, before it is answered. */
  public void onRegistration(Runnable action) {
    onRegistration.set(action);
  }

  /** The hashes of all artifacts that were uploaded. */
  public Set<String> artifacts() {
    return Set.copyOf(artifacts.keySet());
  }

  /** How many artifacts were downloaded. */
  public int downloads() {
    return downloads.get();
  }

  /** The content of a version's file. */
  public byte[] content(ModelVersion version, String file) {
    return artifacts.get(version.artifacts().get(file).sha256());
  }

  private void artifact(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("GET")) {
      download(exchange);
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    String path = exchange.getRequestURI().getPath();
    String sha256 = path.substring(path.lastIndexOf('/') + 1);
    if (refused(exchange, "PUT")) {
      return;
    }
    if (!sha256.equals(hash(body))) {
      answer(exchange, 422, Map.of("code", "artifact-hash-mismatch"));
      return;
    }
    int status = artifacts.put(sha256, body) == null ? 201 : 200;
    onUpload.getAndSet(() -> {}).run();
    answer(exchange, status, Map.of());
  }

  private void download(HttpExchange exchange) throws IOException {
    if (refused(exchange, "GET")) {
      return;
    }
    downloads.incrementAndGet();
    String path = exchange.getRequestURI().getPath();
    byte[] content = artifacts.get(path.substring(path.lastIndexOf('/') + 1));
    if (content == null) {
      answer(exchange, 404, Map.of("code", "artifact-not-found", "detail", "no such artifact"));
      return;
    }
    exchange.sendResponseHeaders(200, content.length);
    exchange.getResponseBody().write(content);
    exchange.close();
  }

  private void resolve(HttpExchange exchange) throws IOException {
    if (refused(exchange, "GET")) {
      return;
    }
    String query = exchange.getRequestURI().getQuery();
    ModelReference reference = ModelReference.parse(query.substring("model=".length()));
    if (versions.stream().noneMatch(version -> version.model().equals(reference.name()))) {
      problem(exchange, 404, "model-not-found", "there is no model '" + reference.name() + "'");
      return;
    }
    Integer number =
        reference.alias() == null ? reference.version() : aliases.get(reference.toString());
    if (reference.alias() != null && number == null) {
      problem(
          exchange,
          404,
          "alias-not-found",
          "model '%s' has no alias '%s'".formatted(reference.name(), reference.alias()));
      return;
    }
    Optional<ModelVersion> found =
        versions.stream()
            .filter(version -> version.model().equals(reference.name()))
            .filter(version -> number == null || version.version() == number)
            .reduce((earlier, later) -> later);
    if (found.isEmpty()) {
      problem(exchange, 404, "version-not-found", "there is no version " + number);
    } else if (found.get().state() != VersionState.READY) {
      problem(
          exchange,
          409,
          "version-not-ready",
          "version %d is %s, not READY".formatted(found.get().version(), found.get().state()));
    } else {
      answer(exchange, 200, found.get());
    }
  }

  private static void problem(HttpExchange exchange, int status, String code, String detail)
      throws IOException {
    answer(exchange, status, Map.of("status", status, "code", code, "detail", detail));
  }

  private void version(HttpExchange exchange) throws IOException {
    RegisterVersionRequest request =
        JSON.readValue(exchange.getRequestBody().readAllBytes(), RegisterVersionRequest.class);
    if (refused(exchange, "POST")) {
      return;
    }
    for (ModelVersion known : versions) {
      if (known.sourceJobId().equals(request.sourceJobId())) {
        answer(exchange, 200, known);
        return;
      }
    }
    if (!request.artifacts().values().stream().allMatch(a -> artifacts.containsKey(a.sha256()))) {
      answer(exchange, 409, Map.of("code", "artifact-missing", "detail", "artifacts are missing"));
      return;
    }
    ModelVersion version =
        new ModelVersion(
            exchange.getRequestURI().getPath().split("/")[4],
            versions.size() + 1,
            VersionState.READY,
            List.of(),
            request.sourceJobId(),
            request.card(),
            request.artifacts(),
            request.metrics(),
            request.proof(),
            Instant.EPOCH);
    versions.add(version);
    onRegistration.getAndSet(() -> {}).run();
    answer(exchange, 201, version);
  }

  private boolean refused(HttpExchange exchange, String method) throws IOException {
    if (!exchange.getRequestMethod().equals(method)) {
      answer(exchange, 405, Map.of());
      return true;
    }
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null || !authorization.startsWith("Bearer ")) {
      answer(exchange, 401, Map.of());
      return true;
    }
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      answer(exchange, 503, Map.of("detail", "not now"));
      return true;
    }
    return false;
  }

  private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String hash(byte[] body) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
