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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final AtomicInteger failures = new AtomicInteger();

  public RegistryFixture() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/artifacts/", this::artifact);
    server.createContext("/api/v1/models/", this::version);
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

  /** The content of a version's file. */
  public byte[] content(ModelVersion version, String file) {
    return artifacts.get(version.artifacts().get(file).sha256());
  }

  private void artifact(HttpExchange exchange) throws IOException {
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
    answer(exchange, artifacts.put(sha256, body) == null ? 201 : 200, Map.of());
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
