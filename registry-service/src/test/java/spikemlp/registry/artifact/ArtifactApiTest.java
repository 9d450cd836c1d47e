package spikemlp.registry.artifact;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.sha256;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import spikemlp.registry.RegistryExtension;
import spikemlp.registry.RunningRegistry;
import spikemlp.security.Scope;

@ExtendWith(RegistryExtension.class)
class ArtifactApiTest {

  private final RunningRegistry registry;

  ArtifactApiTest(RunningRegistry registry) {
    this.registry = registry;
  }

  @Test
  void whatIsUploadedComesBackAndIsUploadedOnce() {
    byte[] content = bytes(200_000, 1);
    String path = "/api/v1/artifacts/" + sha256(content);
    assertThat(registry.get(path).statusCode()).isEqualTo(404);

    HttpResponse<byte[]> first = registry.upload(content);
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(json(first).path("size").asInt()).isEqualTo(200_000);
    assertThat(registry.upload(content).statusCode()).isEqualTo(200);

    HttpResponse<byte[]> download = registry.get(path);
    assertThat(download.statusCode()).isEqualTo(200);
    assertThat(download.body()).isEqualTo(content);
    assertThat(download.headers().firstValue("Content-Type")).hasValue("application/octet-stream");

    HttpResponse<byte[]> head = registry.send("HEAD", path, BodyPublishers.noBody());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).hasValue("200000");
    assertThat(head.body()).isEmpty();
    assertThat(audited(sha256(content))).isEqualTo(1);
  }

  @Test
  void anUploadOfUnknownLengthIsTakenToo() {
    byte[] content = bytes(100_000, 2);
    assertThat(
            registry
                .send(
                    "PUT",
                    "/api/v1/artifacts/" + sha256(content),
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)),
                    "Content-Type",
                    "application/x-www-form-urlencoded")
                .statusCode())
        .isEqualTo(201);
  }

  @Test
  void rangesAndEntityTagsSaveTransfers() {
    byte[] content = bytes(1000, 3);
    registry.upload(content);
    String path = "/api/v1/artifacts/" + sha256(content);
    HttpResponse<byte[]> part = registry.get(path, "Range", "bytes=100-199");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 100, 200));
    String tag = registry.get(path).headers().firstValue("ETag").orElseThrow();
    assertThat(registry.get(path, "If-None-Match", tag).statusCode()).isEqualTo(304);
  }

  @Test
  void contentOfAnotherHashIsRefusedNamingBoth() {
    byte[] content = bytes(10, 4);
    String claimed = sha256(bytes(10, 5));
    HttpResponse<byte[]> refused =
        registry.send("PUT", "/api/v1/artifacts/" + claimed, BodyPublishers.ofByteArray(content));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(code(refused)).isEqualTo("artifact-hash-mismatch");
    assertThat(detail(refused)).contains(claimed).contains(sha256(content));
    assertThat(registry.get("/api/v1/artifacts/" + claimed).statusCode()).isEqualTo(404);
  }

  @Test
  void tooLargeAnUploadIsRefused() {
    HttpResponse<byte[]> refused =
        registry.upload(bytes(RunningRegistry.MAX_ARTIFACT_BYTES + 1, 6));
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(code(refused)).isEqualTo("artifact-too-large");
  }

  @Test
  void aTruncatedUploadLeavesNothing() throws IOException {
    byte[] content = bytes(50_000, 7);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "PUT /api/v1/artifacts/"
              + sha256(content)
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\nAuthorization: Bearer "
              + registry.token(Scope.TRAIN)
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      socket.getOutputStream().write(content, 0, 20_000);
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400");
    }
    assertThat(registry.artifactDirectory().resolve("tmp")).isEmptyDirectory();
    assertThat(registry.get("/api/v1/artifacts/" + sha256(content)).statusCode()).isEqualTo(404);
  }

  @Test
  void aDamagedArtifactIsNotServedUntilItIsUploadedAgain() throws IOException {
    byte[] content = bytes(1000, 8);
    registry.upload(content);
    String path = "/api/v1/artifacts/" + sha256(content);
    byte[] damaged = content.clone();
    damaged[500] ^= 4;
    Files.write(file(sha256(content)), damaged);

    for (String method : new String[] {"GET", "HEAD"}) {
      assertThat(registry.send(method, path, BodyPublishers.noBody()).statusCode()).isEqualTo(410);
    }
    HttpResponse<byte[]> refused = registry.get(path);
    assertThat(code(refused)).isEqualTo("artifact-corrupt");
    assertThat(new String(refused.body(), UTF_8))
        .doesNotContain(registry.artifactDirectory().toString());

    assertThat(registry.upload(content).statusCode()).isEqualTo(201);
    assertThat(registry.get(path).body()).isEqualTo(content);
    assertThat(audited(sha256(content))).as("upload, damaged, repair").isEqualTo(3);
  }

  @Test
  void anAddressThatIsNoHashIsRefused() {
    HttpResponse<byte[]> refused = registry.get("/api/v1/artifacts/model.onnx");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(detail(refused)).contains("model.onnx").contains("64 hexadecimal digits");
  }

  private Path file(String sha256) throws IOException {
    try (Stream<Path> files = Files.walk(registry.artifactDirectory())) {
      return files.filter(path -> path.endsWith(sha256)).findFirst().orElseThrow();
    }
  }

  private int audited(String subject) {
    return registry
        .jdbc()
        .sql("select count(*) from audit_log where subject = ?")
        .param(subject)
        .query(Integer.class)
        .single();
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
