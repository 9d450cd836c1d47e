package spikemlp.trainer.registration;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import spikemlp.contract.registry.Artifact;

/**
 * Writes what comes from the registry beside its place, and moves it there if it is the content.
 */
final class ArtifactDownload {

  private static final int BUFFER = 1 << 16;

  private ArtifactDownload() {}

  /**
   * Saves a file.
   *
   * @throws IOException if the stream breaks off or is other content: worth another attempt
   * @throws UncheckedIOException if the file cannot be written: not worth one
   */
  static void save(Artifact artifact, InputStream content, Path target) throws IOException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    MessageDigest sha256 = sha256();
    long size = 0;
    try (OutputStream file = open(part)) {
      byte[] buffer = new byte[BUFFER];
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        write(file, buffer, read);
        sha256.update(buffer, 0, read);
        size += read;
        if (size > artifact.size()) {
          break;
        }
      }
    }
    String hash = HexFormat.of().formatHex(sha256.digest());
    if (size != artifact.size() || !hash.equals(artifact.sha256())) {
      Files.deleteIfExists(part);
      throw new IOException(
          "what came is not the file: it has SHA-256 %s over %d bytes, not %s over %d"
              .formatted(hash, size, artifact.sha256(), artifact.size()));
    }
    move(part, target);
  }

  private static OutputStream open(Path part) {
    try {
      return Files.newOutputStream(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream file, byte[] buffer, int count) {
    try {
      file.write(buffer, 0, count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void move(Path part, Path target) {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
