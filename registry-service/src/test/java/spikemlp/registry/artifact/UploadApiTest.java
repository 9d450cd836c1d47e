package spikemlp.registry.artifact;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.detail;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.sha256;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import spikemlp.registry.RunningRegistry;
import spikemlp.security.Scope;

class UploadApiTest {

  private static RunningRegistry registry;

  @BeforeAll
  static void start() {
    registry =
        RunningRegistry.start(RunningRegistry.SMALL, "--spikemlp.registry.max-open-uploads=3");
  }

  @AfterAll
  static void stop() throws IOException {
    registry.close();
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String open(String sha256, long size) {
    HttpResponse<byte[]> opened =
        registry.sendJson("POST", "/api/v1/uploads", Map.of("sha256", sha256, "size", size));
    assertThat(opened.statusCode()).isEqualTo(201);
    assertThat(opened.headers().firstValue("Upload-Offset")).hasValue("0");
    return opened.headers().firstValue("Location").orElseThrow();
  }

  private static HttpResponse<byte[]> append(String upload, long offset, byte[] part) {
    return registry.send(
        "PATCH",
        upload,
        BodyPublishers.ofByteArray(part),
        "Content-Type",
        "application/offset+octet-stream",
        "Upload-Offset",
        Long.toString(offset));
  }

  private static String offset(String upload) {
    HttpResponse<byte[]> head = registry.send("HEAD", upload, BodyPublishers.noBody());
    assertThat(head.statusCode()).isEqualTo(200);
    return head.headers().firstValue("Upload-Offset").orElseThrow();
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(registry.artifactDirectory().resolve("uploads"))) {
      return files.toList();
    }
  }

  @Test
  void partsMakeAnArtifact() throws IOException {
    byte[] content = bytes(300_000, 1);
    String upload = open(sha256(content), content.length);
    HttpResponse<byte[]> first = append(upload, 0, Arrays.copyOf(content, 100_000));
    assertThat(first.statusCode()).isEqualTo(204);
    assertThat(first.headers().firstValue("Upload-Offset")).hasValue("100000");
    assertThat(offset(upload)).isEqualTo("100000");
    assertThat(registry.get("/api/v1/artifacts/" + sha256(content)).statusCode()).isEqualTo(404);

    HttpResponse<byte[]> wrong = append(upload, 99_999, new byte[1]);
    assertThat(wrong.statusCode()).isEqualTo(409);
    assertThat(code(wrong)).isEqualTo("upload-offset-mismatch");
    assertThat(json(wrong).path("offset").asInt()).isEqualTo(100_000);

    HttpResponse<byte[]> last =
        append(upload, 100_000, Arrays.copyOfRange(content, 100_000, content.length));
    assertThat(last.statusCode()).isEqualTo(201);
    assertThat(json(last).path("sha256").asString()).isEqualTo(sha256(content));
    assertThat(registry.get("/api/v1/artifacts/" + sha256(content)).body()).isEqualTo(content);
    assertThat(code(registry.get(upload))).isEqualTo("upload-not-found");
    assertThat(files()).isEmpty();
  }

  @Test
  void aPartThatBreaksOffIsKeptAndTheUploadGoesOn() throws IOException {
    byte[] content = bytes(100_000, 2);
    String upload = open(sha256(content), content.length);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), registry.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "PATCH "
              + upload
              + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\nUpload-Offset: 0\r\n"
              + "Content-Type: application/offset+octet-stream\r\nAuthorization: Bearer "
              + registry.token(Scope.TRAIN)
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(US_ASCII));
      socket.getOutputStream().write(content, 0, 60_000);
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400");
    }
    int arrived = Integer.parseInt(offset(upload));
    assertThat(arrived).isBetween(1, 60_000);
    HttpResponse<byte[]> rest =
        append(upload, arrived, Arrays.copyOfRange(content, arrived, content.length));
    assertThat(rest.statusCode()).isEqualTo(201);
    assertThat(registry.get("/api/v1/artifacts/" + sha256(content)).body()).isEqualTo(content);
  }

  @Test
  void contentOfAnotherHashIsRefusedAndNothingKept() throws IOException {
    String claimed = sha256(bytes(10, 3));
    String upload = open(claimed, 10);
    HttpResponse<byte[]> refused = append(upload, 0, bytes(10, 4));
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(code(refused)).isEqualTo("artifact-hash-mismatch");
    assertThat(detail(refused)).contains(claimed).contains(sha256(bytes(10, 4)));
    assertThat(registry.get("/api/v1/artifacts/" + claimed).statusCode()).isEqualTo(404);
    assertThat(registry.get(upload).statusCode()).isEqualTo(404);
    assertThat(files()).isEmpty();
  }

  @Test
  void moreThanAnnouncedIsRefused() {
    byte[] content = bytes(10, 5);
    String upload = open(sha256(content), 10);
    HttpResponse<byte[]> refused = append(upload, 0, bytes(11, 5));
    assertThat(refused.statusCode()).isEqualTo(413);
    assertThat(detail(refused)).contains("opened for 10 bytes");
    assertThat(append(upload, 0, content).statusCode()).isEqualTo(201);
    HttpResponse<byte[]> large =
        registry.sendJson(
            "POST",
            "/api/v1/uploads",
            Map.of("sha256", sha256(content), "size", RunningRegistry.MAX_ARTIFACT_BYTES + 1));
    assertThat(code(large)).isEqualTo("artifact-too-large");
  }

  @Test
  void uploadsAreBoundedInNumberCancelledAndExpire() throws IOException {
    String[] open = new String[3];
    for (int i = 0; i < 3; i++) {
      open[i] = open(sha256(bytes(5, 10 + i)), 5);
      append(open[i], 0, new byte[2]);
    }
    HttpResponse<byte[]> refused =
        registry.sendJson(
            "POST", "/api/v1/uploads", Map.of("sha256", sha256(bytes(5, 20)), "size", 5));
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(code(refused)).isEqualTo("too-many-uploads");
    assertThat(files()).hasSize(3);

    assertThat(registry.send("DELETE", open[0], BodyPublishers.noBody()).statusCode())
        .isEqualTo(204);
    assertThat(files()).hasSize(2);

    registry.jdbc().sql("update upload set touched_at = now() - interval '25 hours'").update();
    HttpResponse<byte[]> collected =
        registry.sendAsAdmin("POST", "/api/v1/artifacts:collect", Map.of());
    assertThat(json(collected).path("uploads").asInt()).isEqualTo(2);
    assertThat(files()).isEmpty();
    assertThat(registry.get(open[1]).statusCode()).isEqualTo(404);
  }

  @Test
  void pathsThatAreNoUploadReachNothing() {
    for (String id : List.of("..", "%2e%2e", "%252e%252e", "..%2f..%2fetc", "1", "%00")) {
      HttpResponse<byte[]> refused = registry.get("/api/v1/uploads/" + id);
      assertThat(refused.statusCode()).as(id).isBetween(400, 404);
    }
    for (String sha : List.of("%2e%2e", "%252e%252e%252f", "..%5c", "A".repeat(64))) {
      HttpResponse<byte[]> refused = registry.get("/api/v1/artifacts/" + sha);
      assertThat(refused.statusCode()).as(sha).isBetween(400, 404);
    }
  }
}
