package spikemlp.trainer.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import spikemlp.contract.registry.Artifact;

/** Names files by their content. */
final class Artifacts {

  private Artifacts() {}

  /** The SHA-256 and size of a file's bytes. */
  static Artifact of(Path file) throws IOException {
    MessageDigest sha256 = sha256();
    long size;
    try (InputStream bytes = new DigestInputStream(Files.newInputStream(file), sha256)) {
      size = bytes.transferTo(OutputStream.nullOutputStream());
    }
    return new Artifact(HexFormat.of().formatHex(sha256.digest()), size);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
