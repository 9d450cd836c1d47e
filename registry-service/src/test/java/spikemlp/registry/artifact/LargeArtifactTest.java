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
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.postgres.TestDatabase;
import spikemlp.registry.RegistryProcess;

/**
 * A file much larger than the heap that it may cost. {@code -Dspikemlp.test.megabytes=300} sets how
 * large; the times beside a plain copy's are in docs/results/registry.md.
 */
class LargeArtifactTest {

  private static final int MEGABYTES = Integer.getInteger("spikemlp.test.megabytes", 100);
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
    String sha256 = sha256(file);
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
        Path received = directory.resolve("received.bin");
        HttpRequest download =
            HttpRequest.newBuilder(registry.base().resolve(path))
                .header("Authorization", "Bearer " + registry.token())
                .build();
        client.send(download, BodyHandlers.ofFile(received));
        long downloaded = System.nanoTime();
        assertThat(received).hasSize((long) MEGABYTES << 20);
        assertThat(sha256(received)).isEqualTo(sha256);
        System.out.printf(
            "%d MB: up %.2f s, down %.2f s, copied to the disk %.2f s, copied %.2f s, hashed %.2f s;"
                + " heap at most %d MB, %d MB at rest%n",
            MEGABYTES,
            (uploaded - began) / 1e9,
            (downloaded - uploaded) / 1e9,
            seconds(() -> copy(file, directory.resolve("forced.bin"), true)),
            seconds(() -> copy(file, directory.resolve("copied.bin"), false)),
            seconds(() -> sha256(file)),
            (baseline + EXTRA_HEAP) >> 20,
            baseline >> 20);
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static double seconds(Work work) throws IOException {
    long began = System.nanoTime();
    work.run();
    return (System.nanoTime() - began) / 1e9;
  }

  private static void copy(Path from, Path to, boolean force) throws IOException {
    Files.copy(from, to);
    if (force) {
      try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return ContentDigest.of(content).sha256();
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
