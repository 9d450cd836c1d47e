package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
  private static final int ROUNDS = MEGABYTES >= 300 ? 5 : 1;
  private static final long EXTRA_HEAP = 50L << 20;

  @TempDir Path directory;

  @Test
  void aLargeArtifactGoesUpAndDownInLittleHeap() throws Exception {
    try (TestDatabase database = TestDatabase.create("large");
        HttpClient client = HttpClient.newHttpClient()) {
      long baseline;
      try (RegistryProcess registry = new RegistryProcess(database, directory, 256L << 20)) {
        HttpRequest list = request(registry, "/api/v1/models").build();
        assertThat(client.send(list, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
        baseline = registry.usedHeap();
      }
      System.out.printf(
          "heap at most %d MB, %d MB at rest%n", (baseline + EXTRA_HEAP) >> 20, baseline >> 20);
      try (RegistryProcess registry =
          new RegistryProcess(database, directory, baseline + EXTRA_HEAP)) {
        for (int round = 0; round < ROUNDS; round++) {
          transfer(client, registry, round);
        }
      }
    }
  }

  private void transfer(HttpClient client, RegistryProcess registry, int round)
      throws IOException, InterruptedException {
    Path file = written(round);
    String sha256 = sha256(file);
    String path = "/api/v1/artifacts/" + sha256;
    HttpRequest upload = request(registry, path).PUT(BodyPublishers.ofFile(file)).build();
    HttpRequest download = request(registry, path).build();
    Path received = directory.resolve("received.bin");
    long began = System.nanoTime();
    assertThat(client.send(upload, BodyHandlers.discarding()).statusCode()).isEqualTo(201);
    long uploaded = System.nanoTime();
    assertThat(client.send(download, BodyHandlers.ofFile(received)).statusCode()).isEqualTo(200);
    long downloaded = System.nanoTime();
    assertThat(received).hasSize((long) MEGABYTES << 20);
    assertThat(sha256(received)).isEqualTo(sha256);
    System.out.printf(
        "%d MB: up %.2f s, down %.2f s, copied and forced %.2f s, copied %.2f s, hashed %.2f s%n",
        MEGABYTES,
        (uploaded - began) / 1e9,
        (downloaded - uploaded) / 1e9,
        seconds(() -> copy(file, directory.resolve("forced.bin"), true)),
        seconds(() -> copy(file, directory.resolve("copied.bin"), false)),
        seconds(() -> sha256(file)));
    for (String name : List.of("received.bin", "forced.bin", "copied.bin", "large.bin")) {
      Files.delete(directory.resolve(name));
    }
  }

  private Path written(int seed) throws IOException {
    Path file = directory.resolve("large.bin");
    byte[] block = new byte[1 << 20];
    new Random(seed).nextBytes(block);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < MEGABYTES; i++) {
        block[0] = (byte) i;
        block[1] = (byte) (i >> 8);
        out.write(block);
      }
    }
    return file;
  }

  private static HttpRequest.Builder request(RegistryProcess registry, String path) {
    return HttpRequest.newBuilder(registry.base().resolve(path))
        .header("Authorization", "Bearer " + registry.token());
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
}
