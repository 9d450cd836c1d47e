package spikemlp.registry.artifact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.function.Consumer;
import spikemlp.contract.registry.Artifact;

/**
 * Where the artifacts' bytes lie, each under the SHA-256 of its content. A content appears whole or
 * not at all, and is on stable storage when {@link #put} returns. Thread-safe, and safe beside
 * other processes on the same storage.
 */
interface ArtifactStorage {

  /**
   * Takes a content over, replacing what is under its hash.
   *
   * @param staged a file with exactly the artifact's content, forced to the disk; the storage may
   *     move it away
   */
  void put(Path staged, Artifact artifact) throws IOException;

  /**
   * Whether the artifact is there with exactly its content. A content that was found whole and has
   * not visibly changed since need not be read again.
   *
   * @throws IOException if that cannot be told
   */
  boolean intact(Artifact artifact) throws IOException;

  /** Forgets that the content was found whole, so that {@link #intact} reads it again. */
  void distrust(String sha256);

  /**
   * The content from byte {@code from} on, as it lies there, unverified.
   *
   * @throws IOException if it is not there or cannot be read
   */
  InputStream open(Artifact artifact, long from) throws IOException;

  /** Removes the content, if it is there. */
  void remove(String sha256) throws IOException;

  /** Hands over the hash of each content that is there. */
  void forEach(Consumer<String> visitor) throws IOException;
}
