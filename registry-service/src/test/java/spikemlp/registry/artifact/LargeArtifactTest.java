package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.postgres.TestDatabase;
import spikemlp.registry.RegistryProcess;

class LargeArtifactTest {

  private static final long MEGABYTES = 300;
  private static final long EXTRA_HEAP = 50L << 20;

  @TempDir Path directory;

  @Test
  void aLargeArtifactGoesUpAndDownInLittleHeap() throws Exception {
    Path file = directory.resolve("large.bin");
    byte[] block = new byte[1 << 20];
    new Random(3).nextBytes(block);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < MEGABYTES; i++) {
        block[0] = (byte) i;
        block[1] = (byte) (i >> 8);
        out.write(block);
      }
    }
    String sha256;
    try (InputStream content = Files.newInputStream(file)) {
      sha256 = ContentDigest.of(content).sha256();
    }
    try (TestDatabase database = TestDatabase.create("large");
        HttpClient client = HttpClient.newHttpClient()) {
      long baseline;
      try (RegistryProcess registry = new RegistryProcess(database, directory, 256L << 20)) {
        get(client, registry, "/api/v1/models");
        baseline = registry.usedHeap();
      }
      try (RegistryProcess registry =
          new RegistryProcess(database, directory, baseline + EXTRA_HEAP)) {
        String path = "/api/v1/artifacts/" + sha256;
        long began = System.nanoTime();
        HttpRequest upload =
            HttpRequest.newBuilder(registry.base().resolve(path))
                .header("Authorization", "Bearer " + registry.token())
                .PUT(BodyPublishers.ofFile(file))
                .build();
        assertThat(client.send(upload, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
        long uploaded = System.nanoTime();
        try (InputStream content = get(client, registry, path).body()) {
          ContentDigest digest = ContentDigest.of(content);
          assertThat(digest.size()).isEqualTo(MEGABYTES << 20);
          assertThat(digest.sha256()).isEqualTo(sha256);
        }
        System.out.printf(
            "%d MB up in %.1f s and down in %.1f s, heap at most %d MB of which %d MB at rest%n",
            MEGABYTES,
            (uploaded - began) / 1e9,
            (System.nanoTime() - uploaded) / 1e9,
            (baseline + EXTRA_HEAP) >> 20,
            baseline >> 20);
      }
    }
  }

  private static HttpResponse<InputStream> get(
      HttpClient client, RegistryProcess registry, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(registry.base().resolve(path))
            .header("Authorization", "Bearer " + registry.token())
            .build();
    HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response;
  }
}
