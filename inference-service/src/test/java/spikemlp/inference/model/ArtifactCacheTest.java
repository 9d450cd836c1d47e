package spikemlp.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.registry.Artifact;
import spikemlp.inference.fixture.RegistryFixture;

class ArtifactCacheTest {

  private static final byte[] BYTES = "model".getBytes(StandardCharsets.UTF_8);
  private static final Artifact ARTIFACT =
      new Artifact(RegistryFixture.sha256(BYTES), BYTES.length);

  @TempDir Path directory;
  private final AtomicInteger sent = new AtomicInteger();

  private ArtifactCache.Source sends(byte[] bytes) {
    return (artifact, receiver) -> {
      sent.incrementAndGet();
      receiver.receive(new ByteArrayInputStream(bytes));
    };
  }

  @Test
  void aFileIsFetchedOnceAndAgainWhenItsCopyWentBad() throws IOException {
    ArtifactCache cache = new ArtifactCache(directory.resolve("new/folder"), 100);
    Path file = cache.file(ARTIFACT, sends(BYTES));
    assertThat(cache.file(ARTIFACT, sends(BYTES))).isEqualTo(file).hasBinaryContent(BYTES);
    assertThat(sent).hasValue(1);
    Files.writeString(file, "rotten");
    assertThat(cache.file(ARTIFACT, sends(BYTES))).hasBinaryContent(BYTES);
    assertThat(sent).hasValue(2);
  }

  @Test
  void whatIsNotWhatWasPromisedIsThrownAway() {
    ArtifactCache cache = new ArtifactCache(directory, 100);
    assertThatThrownBy(() -> cache.file(ARTIFACT, sends("other".getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(BadArtifactException.class)
        .hasMessageContaining("SHA-256 " + ARTIFACT.sha256() + " was promised");
    assertThatThrownBy(() -> cache.file(ARTIFACT, sends(new byte[99])))
        .isInstanceOf(BadArtifactException.class)
        .hasMessageContaining("promised with 5 bytes, but 99 arrived");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aFilePastTheBoundIsNotEvenAskedFor() {
    ArtifactCache cache = new ArtifactCache(directory, 4);
    assertThatThrownBy(() -> cache.file(ARTIFACT, sends(BYTES)))
        .isInstanceOf(BadArtifactException.class)
        .hasMessageContaining("has 5 bytes; at most 4 are served");
    assertThat(sent).hasValue(0);
  }

  @Test
  void aTransferThatBreaksOffLeavesNothing() throws IOException {
    ArtifactCache cache = new ArtifactCache(directory, 100);
    InputStream broken = InputStream.nullInputStream();
    broken.close();
    assertThatThrownBy(() -> cache.file(ARTIFACT, (artifact, receiver) -> receiver.receive(broken)))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining("it broke off");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aDiskThatCannotTakeItIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no folder");
    ArtifactCache cache = new ArtifactCache(file, 100);
    assertThatThrownBy(() -> cache.file(ARTIFACT, sends(BYTES)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("could not be kept in the cache directory");
  }
}
