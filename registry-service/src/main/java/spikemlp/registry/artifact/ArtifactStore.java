package spikemlp.registry.artifact;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import spikemlp.contract.registry.Artifact;
import spikemlp.problem.ProblemException;

/**
 * The artifacts' contents: what arrives is written to a temporary file under {@code directory/tmp},
 * hashed and forced to the disk before the storage takes it over.
 *
 * <p>Whoever writes a temporary file holds a lock on it; the ones that nobody locks were left by a
 * crash and are removed at start and by {@link #removeLeftOvers}. Thread-safe, and safe beside
 * other processes on the same directory.
 */
@Component
class ArtifactStore {

  private static final Logger log = LoggerFactory.getLogger(ArtifactStore.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final ArtifactStorage storage;
  private final Path temporaryDirectory;
  private final long maxBytes;
  private final long minimumFreeBytes;

  ArtifactStore(ArtifactProperties properties, ArtifactStorage storage) {
    this.storage = storage;
    Path directory = properties.artifactDirectory().toAbsolutePath().normalize();
    this.temporaryDirectory = directory.resolve("tmp");
    this.maxBytes = properties.maxArtifactSize().toBytes();
    this.minimumFreeBytes = properties.minimumFreeSpace().toBytes();
    try {
      Files.createDirectories(temporaryDirectory);
      removeLeftOvers();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the artifact directory " + directory + " must be a directory that can be written to", e);
    }
  }

  /**
   * Receives a content whose hash is {@code sha256}; otherwise leaves nothing behind.
   *
   * @param announced the content's bytes as its sender says, or −1
   * @param then what to do with it; its temporary file is removed afterwards
   * @throws ProblemException 413 {@code artifact-too-large}, 422 {@code artifact-hash-mismatch},
   *     400 {@code upload-interrupted}, 507 {@code storage-full}
   */
  <T> T receive(String sha256, long announced, InputStream content, Function<Staged, T> then) {
    String name = new Artifact(sha256, 0).sha256(); // refuses what is no hash
    refuseTooLarge(announced);
    Path temporary = temporaryDirectory.resolve(UUID.randomUUID() + ".part");
    try {
      refuseIfFull(Math.max(0, announced));
      try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, WRITE);
          FileLock lock = channel.lock()) {
        Staged staged = staged(name, temporary, receive(content, lock.channel()));
        channel.force(true);
        return then.apply(staged);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The same for a content that lies in {@code file} already. */
  Staged stage(String sha256, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return staged(sha256, file, ContentDigest.of(content));
    }
  }

  private static Staged staged(String sha256, Path file, ContentDigest digest) {
    byte[] blocks = digest.blocks();
    String actual = digest.sha256();
    if (!actual.equals(sha256)) {
      throw new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "artifact-hash-mismatch",
          "the "
              + digest.size()
              + " bytes received have SHA-256 "
              + actual
              + ", the address says "
              + sha256
              + "; nothing was stored");
    }
    return new Staged(file, new Artifact(actual, digest.size()), blocks);
  }

  /**
   * Stores a content unless it is there already.
   *
   * @return whether it was not
   */
  boolean put(Staged staged) {
    storage.distrust(staged.artifact().sha256());
    if (intact(staged.artifact())) {
      return false;
    }
    try {
      storage.put(staged.file(), staged.artifact());
      return true;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Whether the artifact is there with exactly its content. */
  boolean intact(Artifact artifact) {
    try {
      return storage.intact(artifact);
    } catch (IOException e) {
      log.error("artifact {} cannot be read", artifact.sha256(), e);
      return false;
    }
  }

  /** Forgets that the content was found whole. */
  void distrust(String sha256) {
    storage.distrust(sha256);
  }

  /** Whether it is, reading the whole content. */
  boolean intactAnew(Artifact artifact) {
    storage.distrust(artifact.sha256());
    return intact(artifact);
  }

  /**
   * The content, each block verified before it is handed out.
   *
   * @param onDamage run when a block turns out to be damaged
   */
  InputStream open(Artifact artifact, byte[] blocks, Runnable onDamage) {
    return new VerifiedInputStream(storage, artifact, blocks, onDamage);
  }

  /** The hashes of a stored content's blocks, see {@link ContentDigest#blocks}. */
  byte[] blocks(Artifact artifact) throws IOException {
    try (InputStream content = storage.open(artifact, 0)) {
      return staged(artifact.sha256(), temporaryDirectory, ContentDigest.of(content)).blocks();
    }
  }

  void remove(String sha256) throws IOException {
    storage.remove(sha256);
  }

  void forEach(Consumer<String> visitor) throws IOException {
    storage.forEach(visitor);
  }

  private ContentDigest receive(InputStream content, FileChannel file) throws IOException {
    ContentDigest digest = new ContentDigest();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = next(content, buffer, digest.size());
        read >= 0;
        read = next(content, buffer, digest.size())) {
      digest.update(buffer, read);
      if (digest.size() > maxBytes) {
        throw tooLarge("more than " + maxBytes + " bytes");
      }
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
    return digest;
  }

  private static int next(InputStream content, byte[] buffer, long received) {
    try {
      return content.read(buffer);
    } catch (IOException e) {
      log.info("an upload broke off after {} bytes: {}", received, e.toString());
      throw new ProblemException(
          HttpStatus.BAD_REQUEST,
          "upload-interrupted",
          "the upload broke off after " + received + " bytes; nothing was stored, send it again");
    }
  }

  /**
   * Refuses what has more bytes than are taken.
   *
   * @throws ProblemException 413 {@code artifact-too-large}
   */
  void refuseTooLarge(long bytes) {
    if (bytes > maxBytes) {
      throw tooLarge(bytes + " bytes");
    }
  }

  private ProblemException tooLarge(String size) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "artifact-too-large",
        "the artifact has " + size + "; at most " + maxBytes + " are taken");
  }

  /**
   * Refuses an upload that the disk has no room for.
   *
   * @throws ProblemException 507 {@code storage-full}
   */
  void refuseIfFull(long needed) throws IOException {
    long free = Files.getFileStore(temporaryDirectory).getUsableSpace();
    if (free < needed || free - needed < minimumFreeBytes) {
      throw storageFull(free + " bytes are free, the upload has " + needed);
    }
  }

  /** What a failed write is to the caller: 507 if the disk is full. */
  RuntimeException failure(IOException e) {
    return DiskSpace.ranOut(e, temporaryDirectory)
        ? storageFull("the disk filled up during the upload")
        : new UncheckedIOException(e);
  }

  private static ProblemException storageFull(String reason) {
    log.error("the artifact store is full: {}", reason);
    return new ProblemException(
        HttpStatus.INSUFFICIENT_STORAGE,
        "storage-full",
        "the artifact store is full (" + reason + "); nothing was stored, free space and retry");
  }

  /** Removes the temporary files that nobody writes. */
  final void removeLeftOvers() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(temporaryDirectory, "*.part")) {
      for (Path file : files) {
        if (abandoned(file)) {
          Files.deleteIfExists(file);
          log.info("removed {}, left by an upload that a crash cut off", file.getFileName());
        }
      }
    }
  }

  /** Whether nobody writes the file now. */
  static boolean abandoned(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException | NoSuchFileException e) {
      return false;
    }
  }
}
