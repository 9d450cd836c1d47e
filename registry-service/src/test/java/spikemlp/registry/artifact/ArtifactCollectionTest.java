package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static spikemlp.registry.RunningRegistry.PASSED;
import static spikemlp.registry.RunningRegistry.json;
import static spikemlp.registry.RunningRegistry.request;
import static spikemlp.registry.RunningRegistry.sha256;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import spikemlp.contract.registry.Artifact;
import spikemlp.registry.RunningRegistry;
import tools.jackson.databind.JsonNode;

class ArtifactCollectionTest {

  private static RunningRegistry registry;

  @BeforeAll
  static void start() {
    registry = RunningRegistry.start();
  }

  @AfterAll
  static void stop() throws IOException {
    registry.close();
  }

  private static JsonNode collect() {
    HttpResponse<byte[]> collected =
        registry.sendAsAdmin("POST", "/api/v1/artifacts:collect", Map.of());
    assertThat(collected.statusCode()).isEqualTo(200);
    return json(collected);
  }

  private static void age(Artifact artifact) {
    registry
        .jdbc()
        .sql("update artifact set touched_at = now() - interval '25 hours' where sha256 = ?")
        .param(artifact.sha256())
        .update();
  }

  private static boolean isThere(Artifact artifact) {
    return registry.get("/api/v1/artifacts/" + artifact.sha256()).statusCode() == 200;
  }

  private static Path file(String sha) {
    return file(registry.artifactDirectory(), sha);
  }

  @Test
  void onlyWhatNothingRefersToAndIsOldGoes() throws IOException {
    Artifact used = registry.uploaded();
    Artifact recent = registry.uploaded();
    Artifact asked = registry.uploaded();
    Artifact old = registry.uploaded();
    registry.register("kept", request("job", Map.of("model.onnx", used), PASSED));
    List.of(used, asked, old).forEach(ArtifactCollectionTest::age);
    registry.send("HEAD", "/api/v1/artifacts/" + asked.sha256(), BodyPublishers.noBody());
    Path orphan = file("ab".repeat(32));
    Files.createDirectories(orphan.getParent());
    Files.writeString(orphan, "left by a crash");
    Path foreign = Files.writeString(registry.artifactDirectory().resolve("README"), "not ours");

    JsonNode collected = collect();
    assertThat(collected.path("artifacts").asInt()).isEqualTo(1);
    assertThat(collected.path("contents").asInt()).isEqualTo(2);
    assertThat(isThere(used)).isTrue();
    assertThat(isThere(recent)).isTrue();
    assertThat(isThere(asked)).isTrue();
    assertThat(isThere(old)).isFalse();
    assertThat(file(old.sha256())).doesNotExist();
    assertThat(orphan).doesNotExist();
    assertThat(foreign).exists();
  }

  @Test
  void aCollectionBesideRegistrationsAndUploadsTakesNothingThatIsUsed() throws Exception {
    List<byte[]> contents =
        Stream.iterate(0, i -> i + 1)
            .limit(40)
            .map(i -> ("content " + i).getBytes(StandardCharsets.UTF_8))
            .toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 5; round++) {
        List<Future<HttpResponse<byte[]>>> registrations = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
          String job = "job-" + round + "-" + i;
          byte[] content = contents.get(i);
          Artifact artifact = new Artifact(sha256(content), content.length);
          registrations.add(
              threads.submit(() -> {
                registry.upload(content);
                age(artifact);
                return registry.register(
                    "raced", request(job, Map.of("model.onnx", artifact), PASSED));
              }));
        }
        List<Future<JsonNode>> collections = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          collections.add(threads.submit(ArtifactCollectionTest::collect));
        }
        for (Future<JsonNode> collection : collections) {
          collection.get();
        }
        for (Future<HttpResponse<byte[]>> registration : registrations) {
          assertThat(registration.get().statusCode()).isIn(201, 409);
        }
        assertEveryVersionIsWhole(registry);
        registry.jdbc().sql("delete from version_artifact").update();
      }
    }
  }

  /** No version refers to a file that is missing or wrong. */
  static void assertEveryVersionIsWhole(RunningRegistry registry) throws IOException {
    List<String> referred =
        registry
            .jdbc()
            .sql("select distinct sha256 from version_artifact")
            .query((row, number) -> row.getString(1))
            .list();
    for (String sha : referred) {
      assertThat(sha256(Files.readAllBytes(file(registry.artifactDirectory(), sha))))
          .isEqualTo(sha);
    }
  }

  static Path file(Path directory, String sha) {
    return directory.resolve(sha.substring(0, 2)).resolve(sha.substring(2, 4)).resolve(sha);
  }
}
