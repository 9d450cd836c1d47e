package spikemlp.registry.artifact;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** S3Mock, a server of the S3 API, in a process of its own; its objects lie in files. */
final class S3Server implements AutoCloseable {

  static final String BUCKET = "registry";

  private final Process process;
  private final Path root;
  final URI endpoint;

  S3Server(Path folder) throws IOException {
    String jar =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains("s3mock") && entry.endsWith("-exec.jar"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("s3mock's exec jar is a test dependency"));
    root = Files.createDirectories(folder.resolve("s3"));
    int port = freePort();
    endpoint = URI.create("http://127.0.0.1:" + port);
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-jar",
                jar,
                "--http.port=" + port,
                "--server.port=" + freePort(),
                "--com.adobe.testing.s3mock.store.root=" + root,
                "--com.adobe.testing.s3mock.store.initial-buckets=" + BUCKET)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("s3.log").toFile())
            .start();
    awaitStart(folder);
  }

  private void awaitStart(Path folder) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest request = HttpRequest.newBuilder(endpoint.resolve("/" + BUCKET)).build();
      Awaitility.await("S3Mock, see " + folder.resolve("s3.log"))
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptions()
          .until(
              () -> client.send(request, BodyHandlers.discarding()).statusCode(),
              status -> status == 200 || !process.isAlive());
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  S3Properties properties() {
    return new S3Properties(
        BUCKET, "artifacts/", endpoint, "us-east-1", true, "some-key", "some-secret");
  }

  /** The same as a registry's settings. */
  String[] settings() {
    return Stream.of(
            "bucket=" + BUCKET,
            "endpoint=" + endpoint,
            "path-style=true",
            "access-key=some-key",
            "secret-key=some-secret")
        .map(setting -> "--spikemlp.registry.s3." + setting)
        .toArray(String[]::new);
  }

  /** Flips a bit of the object with that content, where the server keeps it. */
  void flip(byte[] content, int at) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(root)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      if (Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content)) {
        byte[] flipped = content.clone();
        flipped[at] ^= 1;
        Files.write(file, flipped);
        return;
      }
    }
    throw new IllegalStateException("no object has that content");
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
