package spikemlp.inference.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import spikemlp.contract.registry.Artifact;

/**
 * Model files on this machine's disk, named by their SHA-256. A file arrives under a temporary
 * name, is hashed while it is written, forced to the disk and then renamed, so that what has the
 * name is whole; and it is hashed again each time it is asked for, so that it still is.
 *
 * <p>Thread-safe, also among processes that share the directory.
 */
final class ArtifactCache {

  private static final int BLOCK = 1 << 16;

  private final Path directory;
  private final long largest;

  /** Gives the bytes of an artifact; {@code receiver} reads them to their end. */
  @FunctionalInterface
  interface Source {
    void send(Artifact artifact, Receiver receiver);
  }

  /** Takes an artifact's bytes. */
  @FunctionalInterface
  interface Receiver {
    void receive(InputStream bytes);
  }

  ArtifactCache(Path directory, long largest) {
    this.directory = directory;
    this.largest = largest;
  }

  /**
   * The artifact's verified file, fetched if it is not there.
   *
   * @throws BadArtifactException if it is too large, or what arrives is not what was promised
   * @throws RegistryUnavailableException if it does not arrive
   * @throws UncheckedIOException if it cannot be stored
   */
  Path file(Artifact artifact, Source source) {
    if (artifact.size() > largest) {
      throw BadArtifactException.tooLarge(artifact, largest);
    }
    Path file = directory.resolve(artifact.sha256() + ".onnx");
    try {
      Files.createDirectories(directory);
      if (Files.exists(file) && hash(file).equals(artifact.sha256())) {
        return file;
      }
    } catch (IOException e) {
      throw notStored(artifact, e);
    }
    source.send(
        artifact,
        bytes -> {
          try {
            store(bytes, artifact, file);
          } catch (IOException e) {
            throw notStored(artifact, e);
          }
        });
    return file;
  }

  private void store(InputStream bytes, Artifact artifact, Path file) throws IOException {
    Path part = Files.createTempFile(directory, artifact.sha256() + ".", ".part");
    try {
      MessageDigest digest = sha256();
      long size = 0;
      try (FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE)) {
        byte[] block = new byte[BLOCK];
        for (int n = read(bytes, block, artifact); n >= 0; n = read(bytes, block, artifact)) {
          size += n;
          if (size > artifact.size()) {
            throw BadArtifactException.wrongSize(artifact, size);
          }
          digest.update(block, 0, n);
          ByteBuffer rest = ByteBuffer.wrap(block, 0, n);
          while (rest.hasRemaining()) {
            out.write(rest);
          }
        }
        out.force(true);
      }
      if (size != artifact.size()) {
        throw BadArtifactException.wrongSize(artifact, size);
      }
      String actual = HexFormat.of().formatHex(digest.digest());
      if (!actual.equals(artifact.sha256())) {
        throw BadArtifactException.wrongHash(artifact, actual);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static int read(InputStream bytes, byte[] block, Artifact artifact) {
    try {
      return bytes.read(block);
    } catch (IOException e) {
      throw new RegistryUnavailableException(
          "send the model file " + artifact.sha256(), "it broke off", e);
    }
  }

  private static UncheckedIOException notStored(Artifact artifact, IOException cause) {
    return new UncheckedIOException(
        "the model file " + artifact.sha256() + " could not be kept in the cache directory", cause);
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] block = new byte[BLOCK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        digest.update(block, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
