package spikemlp.registry.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.registry.Artifact;

/**
 * Remembers which files were found to have the content that their hash says, by inode, modification
 * time and size, so that a file is read whole once and not at each download. Thread-safe; holds the
 * latest {@value #CAPACITY}.
 */
final class VerifiedFiles {

  private static final int CAPACITY = 10_000;
  private static final int BUFFER_BYTES = 1 << 16;

  private record Fingerprint(@Nullable Object inode, FileTime modified, long size) {
    static Fingerprint of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Fingerprint(
          attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
    }
  }

  private final Map<String, Fingerprint> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Fingerprint> eldest) {
          return size() > CAPACITY;
        }
      };

  /**
   * Whether {@code file} has exactly the artifact's content.
   *
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  boolean check(Path file, Artifact artifact) throws IOException {
    Fingerprint now = Fingerprint.of(file);
    if (now.size() != artifact.size()) {
      return false;
    }
    synchronized (known) {
      if (Objects.equals(known.get(artifact.sha256()), now)) {
        return true;
      }
    }
    if (!hash(file).equals(artifact.sha256())) {
      return false;
    }
    synchronized (known) {
      known.put(artifact.sha256(), now);
    }
    return true;
  }

  /** Takes the word of whoever wrote {@code file} that it has the artifact's content. */
  void remember(Path file, Artifact artifact) throws IOException {
    Fingerprint now = Fingerprint.of(file);
    synchronized (known) {
      known.put(artifact.sha256(), now);
    }
  }

  /** Forgets the file of that hash. */
  void forget(String sha256) {
    synchronized (known) {
      known.remove(sha256);
    }
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = ContentDigest.sha256Digest();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream content = Files.newInputStream(file)) {
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
