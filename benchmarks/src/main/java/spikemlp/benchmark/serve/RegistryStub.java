package spikemlp.benchmark.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;
import spikemlp.contract.registry.VersionState;
import tools.jackson.databind.json.JsonMapper;

/** What inference asks of a registry: one version of each network. */
final class RegistryStub implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, ModelVersion> versions = new ConcurrentHashMap<>();
  private final Map<String, Path> files = new ConcurrentHashMap<>();

  RegistryStub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/api/v1/resolve", this::resolve);
    server.createContext("/api/v1/artifacts/", this::artifact);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void add(ServedNetwork network, Path fp32, Path int8) throws IOException {
    ModelVersion version =
        new ModelVersion(
            network.name(),
            1,
            VersionState.READY,
            List.of(),
            "benchmark",
            network.card(),
            Map.of(
                RegisterVersionRequest.MODEL_FILE,
                kept(fp32),
                RegisterVersionRequest.INT8_MODEL_FILE,
                kept(int8)),
            Map.of(),
            new ExportProof(1, 1, 0, 1, 0, true, "ONNX Runtime"),
            Instant.EPOCH);
    versions.put(network.name(), version);
  }

  private Artifact kept(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      String sha256 = HexFormat.of().formatHex(digest);
      files.put(sha256, file);
      return new Artifact(sha256, bytes.length);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private void resolve(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getRawQuery().replaceFirst("^model=", "");
    ModelVersion version = versions.get(name);
    answer(
        exchange,
        version == null ? 404 : 200,
        JSON.writeValueAsBytes(version == null ? Map.of("code", "model-not-found") : version));
  }

  private void artifact(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Path file = files.get(path.substring(path.lastIndexOf('/') + 1));
    answer(
        exchange,
        file == null ? 404 : 200,
        file == null ? new byte[] {0} : Files.readAllBytes(file));
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
