package spikemlp.registry.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import spikemlp.contract.registry.Artifact;
import spikemlp.problem.ProblemException;
import spikemlp.registry.RunningRegistry;

class ArtifactStoreTest {

  private static final byte[] CONTENT = "ten bytes!".getBytes(UTF_8);
  private static final String SHA = RunningRegistry.sha256(CONTENT);
  private static final Artifact ARTIFACT = new Artifact(SHA, CONTENT.length);

  @TempDir private Path directory;
  private FileStorage storage;
  private ArtifactStore store;

  /**
   * What a write came to.
   *
   * @param added false if the same content was there already
   */
  private record Stored(long size, boolean added) {}

  @BeforeEach
  void open() {
    store = store(DataSize.ofBytes(1000), DataSize.ofBytes(0));
  }

  private ArtifactStore store(DataSize most, DataSize free) {
    storage = new FileStorage(directory);
    return new ArtifactStore(properties(directory, most, free), storage);
  }

  private static ArtifactProperties properties(Path directory, DataSize most, DataSize free) {
    return new ArtifactProperties(directory, most, free, Duration.ZERO, Duration.ofHours(1), 1);
  }

  @Test
  void contentLiesUnderItsHash() throws IOException {
    assertThat(write(CONTENT)).isEqualTo(new Stored(10, true));

    Path file = storage.path(SHA);
    assertThat(read(ARTIFACT)).isEqualTo(CONTENT);
    assertThat(file)
        .isEqualTo(
            directory
                .toAbsolutePath()
                .resolve(SHA.substring(0, 2))
                .resolve(SHA.substring(2, 4))
                .resolve(SHA))
        .hasBinaryContent(CONTENT);
    assertThat(files()).containsExactly(file);
  }

  @Test
  void knownContentIsNotAddedAgain() throws IOException {
    write(CONTENT);
    assertThat(write(CONTENT)).isEqualTo(new Stored(10, false));
    assertThat(files()).hasSize(1);
  }

  @Test
  void emptyContentIsContent() throws IOException {
    String sha = RunningRegistry.sha256(new byte[0]);
    write(store, sha, 0, InputStream.nullInputStream());
    assertThat(storage.path(sha)).isEmptyFile();
    assertThat(read(new Artifact(sha, 0))).isEmpty();
  }

  @Test
  void contentOfAnotherHashLeavesNothing() throws IOException {
    byte[] other = "other bytes".getBytes(UTF_8);
    assertThatThrownBy(() -> write(store, SHA, -1, new ByteArrayInputStream(other)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining(SHA)
        .hasMessageContaining(RunningRegistry.sha256(other))
        .extracting("code")
        .isEqualTo("artifact-hash-mismatch");
    assertThat(files()).isEmpty();
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws IOException {
    InputStream broken =
        new FilterInputStream(new ByteArrayInputStream(CONTENT, 0, 4)) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read < 0) {
              throw new IOException("connection reset");
            }
            return read;
          }
        };
    assertThatThrownBy(() -> write(store, SHA, 10, broken))
        .hasMessageContaining("after 4 bytes")
        .extracting("code")
        .isEqualTo("upload-interrupted");
    assertThat(files()).isEmpty();
  }

  @Test
  void moreThanTheBoundIsRefusedAnnouncedOrNot() throws IOException {
    byte[] large = new byte[1001];
    String sha = RunningRegistry.sha256(large);
    for (long announced : new long[] {1001, -1, 10}) {
      assertThatThrownBy(() -> write(store, sha, announced, new ByteArrayInputStream(large)))
          .hasMessageContaining("1000")
          .extracting("code")
          .isEqualTo("artifact-too-large");
    }
    assertThat(files()).isEmpty();
    byte[] most = new byte[1000];
    write(store, RunningRegistry.sha256(most), 1000, new ByteArrayInputStream(most));
    assertThat(files()).hasSize(1);
  }

  @Test
  void anUploadThatWouldFillTheDiskIsRefusedBeforeItBegins() throws IOException {
    ArtifactStore full = store(DataSize.ofBytes(1000), DataSize.ofTerabytes(1_000_000));
    assertThatThrownBy(() -> write(full, SHA, 10, new ByteArrayInputStream(CONTENT)))
        .extracting("code")
        .isEqualTo("storage-full");
    assertThat(files()).isEmpty();
  }

  @Test
  void aDamagedFileIsNeverServedAndANewUploadRepairsIt() throws IOException {
    write(CONTENT);
    Path file = storage.path(SHA);
    byte[] flipped = CONTENT.clone();
    flipped[3] ^= 1;
    for (byte[] damaged : List.of(flipped, Arrays.copyOf(CONTENT, 9), Arrays.copyOf(CONTENT, 11))) {
      Files.write(file, damaged);
      assertCorrupt();
      assertThat(write(CONTENT).added()).isTrue();
      assertThat(read(ARTIFACT)).isEqualTo(CONTENT);
    }
    Files.delete(file);
    assertCorrupt();
  }

  @Test
  void aFileDamagedWhileNoStoreRanIsNotServed() throws IOException {
    write(CONTENT);
    byte[] flipped = CONTENT.clone();
    flipped[0] ^= 1;
    Files.write(storage.path(SHA), flipped);
    open();
    assertCorrupt();
  }

  @Test
  void leftOversOfACrashAreRemovedAtStart() throws IOException {
    Files.write(directory.resolve("tmp/crashed.part"), CONTENT);
    open();
    assertThat(files()).isEmpty();
  }

  @Test
  void anUploadInProgressElsewhereIsLeftAloneAtStart() throws IOException {
    Path running = directory.resolve("tmp/running.part");
    try (FileChannel upload =
            FileChannel.open(running, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var lock = upload.lock()) {
      open();
      assertThat(lock.isValid()).isTrue();
      assertThat(running).exists();
    }
  }

  @Test
  void aNameThatIsNoHashReachesNoFile() {
    for (String name : List.of("../../etc/passwd", "", SHA.toUpperCase(java.util.Locale.ROOT))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> storage.path(name))
          .withMessageContaining("64 hexadecimal digits");
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamedAtStart() throws IOException {
    Path file = Files.createFile(directory.resolve("a-file"));
    assertThatThrownBy(() ->
            new ArtifactStore(
                properties(file, DataSize.ofBytes(1), DataSize.ofBytes(0)), new FileStorage(file)))
        .hasMessageContaining(file.toString());
  }

  @Test
  void aBitThatFlipsUnseenIsNotHandedOut() throws IOException {
    byte[] content = new byte[3 * ContentDigest.BLOCK_BYTES + 5];
    new Random(1).nextBytes(content);
    store = store(DataSize.ofMegabytes(8), DataSize.ofBytes(0));
    Artifact artifact = new Artifact(RunningRegistry.sha256(content), content.length);
    write(content); // hashed as it came, hence not read again below
    byte[] blocks = store.blocks(artifact);
    Path file = storage.path(artifact.sha256());
    FileTime modified = Files.getLastModifiedTime(file);
    byte[] flipped = content.clone();
    flipped[2 * ContentDigest.BLOCK_BYTES + 7] ^= 8;
    Files.write(file, flipped);
    Files.setLastModifiedTime(file, modified);
    assertThat(store.intact(artifact)).as("the change cannot be seen from outside").isTrue();

    List<String> reported = new ArrayList<>();
    try (InputStream in = store.open(artifact, blocks, () -> reported.add(artifact.sha256()))) {
      assertThat(in.readNBytes(2 * ContentDigest.BLOCK_BYTES))
          .isEqualTo(Arrays.copyOf(content, 2 * ContentDigest.BLOCK_BYTES));
      assertThatThrownBy(in::read).isInstanceOf(DamagedContentException.class);
    }
    try (InputStream in = store.open(artifact, blocks, () -> reported.add(artifact.sha256()))) {
      in.skipNBytes(3L * ContentDigest.BLOCK_BYTES);
      assertThat(in.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(content, content.length - 5, content.length));
    }
    assertThat(reported).containsExactly(artifact.sha256());
    assertThat(store.intactAnew(artifact)).isFalse();
    assertThat(write(content).added()).as("an upload repairs it").isTrue();
    assertThat(read(artifact)).isEqualTo(content);
  }

  private Stored write(byte[] content) {
    return write(
        store, RunningRegistry.sha256(content), content.length, new ByteArrayInputStream(content));
  }

  private static Stored write(ArtifactStore store, String sha, long announced, InputStream in) {
    return store.receive(
        sha, announced, in, staged -> new Stored(staged.artifact().size(), store.put(staged)));
  }

  private byte[] read(Artifact artifact) throws IOException {
    assertThat(store.intact(artifact)).isTrue();
    try (InputStream in = store.open(artifact, store.blocks(artifact), () -> {})) {
      return in.readAllBytes();
    }
  }

  private void assertCorrupt() {
    assertThat(store.intact(ARTIFACT)).isFalse();
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(directory.toAbsolutePath())) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
