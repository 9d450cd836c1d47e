package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static spikemlp.registry.RunningRegistry.code;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.sha256;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.registry.Artifact;
import spikemlp.registry.RunningRegistry;

/** Artifacts in a bucket of a real S3 API server. */
class S3StorageTest {

  @TempDir static Path folder;
  private static S3Server server;
  private static S3Storage storage;
  private static RunningRegistry registry;

  @BeforeAll
  static void start() throws IOException {
    server = new S3Server(folder);
    storage = new S3Storage(server.properties(), S3Server.BUCKET);
    registry = RunningRegistry.start(server.settings());
  }

  @AfterAll
  static void stop() throws Exception {
    registry.close();
    storage.close();
    server.close();
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static Artifact artifact(byte[] content) {
    return new Artifact(sha256(content), content.length);
  }

  private static void put(byte[] content) throws IOException {
    Path file = Files.write(folder.resolve("staged"), content);
    storage.put(file, artifact(content));
  }

  private static byte[] read(Artifact artifact, long from) throws IOException {
    try (InputStream in = storage.open(artifact, from)) {
      return in.readAllBytes();
    }
  }

  private static List<String> stored() throws IOException {
    List<String> all = new ArrayList<>();
    storage.forEach(all::add);
    return all;
  }

  @Test
  void contentIsPutReadFromAnywhereListedAndRemoved() throws IOException {
    byte[] content = bytes(100_000, 1);
    Artifact artifact = artifact(content);
    assertThat(storage.intact(artifact)).isFalse();
    assertThatThrownBy(() -> read(artifact, 0)).isInstanceOf(NoSuchFileException.class);
    put(content);
    assertThat(storage.intact(artifact)).isTrue();
    storage.distrust(artifact.sha256());
    assertThat(storage.intact(artifact)).isTrue();
    assertThat(read(artifact, 0)).isEqualTo(content);
    assertThat(read(artifact, 99_990)).isEqualTo(Arrays.copyOfRange(content, 99_990, 100_000));
    assertThat(read(artifact, 100_000)).isEmpty();
    assertThat(storage.intact(new Artifact(artifact.sha256(), 99_999))).isFalse();
    assertThat(stored()).contains(artifact.sha256());
    storage.remove(artifact.sha256());
    storage.remove(artifact.sha256());
    assertThat(storage.intact(artifact)).isFalse();
    assertThat(stored()).doesNotContain(artifact.sha256());
  }

  @Test
  void theServerRefusesContentOfAnotherHashAndNamesThatAreNoHash() throws IOException {
    Path file = Files.write(folder.resolve("wrong"), bytes(10, 2));
    Artifact other = artifact(bytes(10, 3));
    assertThatThrownBy(() -> storage.put(file, other)).isInstanceOf(IOException.class);
    assertThat(storage.intact(other)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> storage.remove("../../x"));
  }

  @Test
  void aRegistryKeepsItsArtifactsThere() throws IOException {
    byte[] content = bytes(2_500_000, 4);
    String path = "/api/v1/artifacts/" + sha256(content);
    assertThat(registry.upload(content).statusCode()).isEqualTo(201);
    assertThat(registry.upload(content).statusCode()).isEqualTo(200);
    assertThat(stored()).contains(sha256(content));
    assertThat(registry.get(path).body()).isEqualTo(content);
    HttpResponse<byte[]> part = registry.get(path, "Range", "bytes=2000000-2000099");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 2_000_000, 2_000_100));
    registry.register(
        "bucket",
        RunningRegistry.request(
            "job", Map.of("model.onnx", artifact(content)), RunningRegistry.PASSED));

    server.flip(content, 2_200_000);
    assertThatThrownBy(() -> registry.get(path)).isInstanceOf(UncheckedIOException.class);
    assertThat(code(registry.get(path))).isEqualTo("artifact-corrupt");
    assertThat(json(registry.get("/api/v1/models/bucket/versions/1")).path("damaged")).hasSize(1);
    assertThat(registry.upload(content).statusCode()).isEqualTo(201);
    assertThat(registry.get(path).body()).isEqualTo(content);

    byte[] unused = bytes(1000, 5);
    registry.upload(unused);
    put(bytes(1000, 6)); // as a crash leaves it
    registry.jdbc().sql("update artifact set touched_at = now() - interval '25 hours'").update();
    assertThat(
            json(registry.sendAsAdmin("POST", "/api/v1/artifacts:collect", Map.of()))
                .path("contents")
                .asInt())
        .isGreaterThanOrEqualTo(2);
    assertThat(stored()).contains(sha256(content)).doesNotContain(sha256(unused));
    try (var files = Files.walk(registry.artifactDirectory())) {
      assertThat(files.filter(Files::isRegularFile)).as("nothing is left in files").isEmpty();
    }
  }
}
