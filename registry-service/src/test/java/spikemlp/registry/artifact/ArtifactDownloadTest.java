package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.sha256;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.contract.registry.Artifact;
import spikemlp.registry.RunningRegistry;

class ArtifactDownloadTest {

  private static RunningRegistry registry;

  @BeforeAll
  static void start() {
    registry = RunningRegistry.start("--spikemlp.registry.max-artifact-size=8MB");
  }

  @AfterAll
  static void stop() throws IOException {
    registry.close();
  }

  private static byte[] uploaded(int size, long seed) {
    byte[] content = new byte[size];
    new Random(seed).nextBytes(content);
    registry.upload(content);
    return content;
  }

  private static String path(byte[] content) {
    return "/api/v1/artifacts/" + sha256(content);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=1048570-1048580, 1048570, 1048581",
    "bytes=2097150-, 2097150, 2500000",
    "bytes=-7, 2499993, 2500000",
    "bytes=2499999-9999999, 2499999, 2500000"
  })
  void aRangeIsAnsweredWithItsBytes(String range, int from, int to) {
    byte[] content = uploaded(2_500_000, 11);
    HttpResponse<byte[]> part = registry.get(path(content), "Range", range);
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, from, to));
    assertThat(part.headers().firstValue("Content-Range"))
        .hasValue("bytes " + from + "-" + (to - 1) + "/2500000");
    assertThat(part.headers().firstValue("ETag")).hasValue("\"" + sha256(content) + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=1000-", "bytes=5000-6000"})
  void aRangePastTheEndCannotBeSatisfied(String range) {
    byte[] content = uploaded(1000, 12);
    HttpResponse<byte[]> refused = registry.get(path(content), "Range", range);
    assertThat(refused.statusCode()).isEqualTo(416);
    assertThat(refused.headers().firstValue("Content-Range")).hasValue("bytes */1000");
    assertThat(refused.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=5-2", "lines=1-2", "bytes=a-b", "bytes=0-1,3-4"})
  void aMalformedOrManifoldRangeIsAnsweredWithTheWhole(String range) {
    byte[] content = uploaded(1000, 13);
    HttpResponse<byte[]> whole = registry.get(path(content), "Range", range);
    assertThat(whole.statusCode()).isEqualTo(200);
    assertThat(whole.body()).isEqualTo(content);
    assertThat(whole.headers().firstValue("Content-Length")).hasValue("1000");
  }

  @Test
  void aDownloadGoesOnOnlyWithTheSameContent() {
    byte[] content = uploaded(1000, 14);
    String tag = "\"" + sha256(content) + "\"";
    HttpResponse<byte[]> same = registry.get(path(content), "Range", "bytes=10-", "If-Range", tag);
    assertThat(same.statusCode()).isEqualTo(206);
    for (String other : new String[] {"\"" + "0".repeat(64) + "\"", "W/" + tag, "yesterday"}) {
      HttpResponse<byte[]> whole =
          registry.get(path(content), "Range", "bytes=10-", "If-Range", other);
      assertThat(whole.statusCode()).as(other).isEqualTo(200);
      assertThat(whole.body()).isEqualTo(content);
    }
    assertThat(registry.get(path(content), "If-None-Match", tag).statusCode()).isEqualTo(304);
    assertThat(registry.get(path(content), "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> head = registry.send("HEAD", path(content), BodyPublishers.noBody());
    assertThat(head.headers().firstValue("Accept-Ranges")).hasValue("bytes");
  }

  @Test
  void oneFlippedBitIsNeverServedAndMarksTheVersions() throws IOException {
    byte[] content = uploaded(3_000_000, 15);
    Artifact artifact = new Artifact(sha256(content), content.length);
    registry.register(
        "flipped",
        RunningRegistry.request("job", Map.of("model.onnx", artifact), RunningRegistry.PASSED));
    registry.get(path(content));
    Path file = flip(content, 2_500_000);
    String download = "/api/v1/models/flipped/versions/1/artifacts/model.onnx";

    assertThatThrownBy(() -> registry.get(download)).isInstanceOf(UncheckedIOException.class);
    assertThat(
            json(registry.get("/api/v1/models/flipped/versions/1"))
                .path("damaged")
                .get(0)
                .asString())
        .isEqualTo("model.onnx");
    assertThat(code(registry.get(download))).isEqualTo("artifact-corrupt");
    assertThat(code(registry.get(download, "Range", "bytes=0-10"))).isEqualTo("artifact-corrupt");
    assertThat(kinds("flipped")).containsExactly("version.created", "version.damaged");
    HttpResponse<byte[]> move =
        registry.sendJson("PUT", "/api/v1/models/flipped/aliases/champion", Map.of("version", 1));
    assertThat(move.statusCode()).isEqualTo(409);
    assertThat(code(move)).isEqualTo("version-damaged");

    assertThat(registry.upload(content).statusCode()).isEqualTo(201);
    assertThat(registry.get(download).body()).isEqualTo(content);
    assertThat(json(registry.get("/api/v1/models/flipped/versions/1")).path("damaged")).isEmpty();
    assertThat(kinds("flipped")).endsWith("version.repaired");
    assertThat(file).hasBinaryContent(content);
  }

  @Test
  void aFlippedBitInTheFirstBlockIsAProblemInWords() throws IOException {
    byte[] content = uploaded(1_500_000, 16);
    registry.get(path(content));
    flip(content, 10);
    HttpResponse<byte[]> refused = registry.get(path(content));
    assertThat(refused.statusCode()).isEqualTo(410);
    assertThat(code(refused)).isEqualTo("artifact-corrupt");
  }

  /** Flips a bit so that neither size nor modification time tell. */
  private static Path flip(byte[] content, int at) throws IOException {
    String sha = sha256(content);
    Path file =
        registry
            .artifactDirectory()
            .resolve(sha.substring(0, 2))
            .resolve(sha.substring(2, 4))
            .resolve(sha);
    FileTime modified = Files.getLastModifiedTime(file);
    byte[] flipped = content.clone();
    flipped[at] ^= 1;
    Files.write(file, flipped);
    Files.setLastModifiedTime(file, modified);
    return file;
  }

  private static List<String> kinds(String model) {
    return registry
        .jdbc()
        .sql("select kind from registry_event where model = ? order by id")
        .param(model)
        .query((row, number) -> row.getString(1))
        .list();
  }
}
