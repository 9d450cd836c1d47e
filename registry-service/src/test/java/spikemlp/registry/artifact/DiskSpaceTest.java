package spikemlp.registry.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskSpaceTest {

  @TempDir private Path directory;

  @Test
  void theSystemsOwnFailureOnAFullDiskIsRecognised() {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    IOException full =
        catchThrowableOfType(
            IOException.class,
            () -> {
              try (FileOutputStream file = new FileOutputStream("/dev/full")) {
                file.write("x".getBytes(UTF_8));
              }
            });
    assertThat(DiskSpace.ranOut(full, directory)).isTrue();
  }

  @Test
  void otherFailuresAreNotCalledAFullDisk() {
    assertThat(DiskSpace.ranOut(new IOException("Input/output error"), directory)).isFalse();
  }
}
