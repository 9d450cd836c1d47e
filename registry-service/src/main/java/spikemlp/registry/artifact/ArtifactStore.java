package spikemlp.registry.artifact;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import spikemlp.contract.registry.Artifact;
import spikemlp.problem.ProblemException;

/**
 * Files named by the SHA-256 of their content, at {@code directory/ab/cd/abcd…}.
 *
 * <p>A file appears whole or not at all: it is written under {@code directory/tmp}, forced to the
 * disk, renamed atomically, and its directories are forced. Whoever writes a temporary file holds a
 * lock on it; the ones that nobody locks were left by a crash and are removed at start.
 * Thread-safe, and safe beside other processes on the same directory.
 */
@Component
class ArtifactStore {

  private static final Logger log = LoggerFactory.getLogger(ArtifactStore.class);
  private static final int BUFFER_BYTES = 1 << 16;

  /**
   * What an upload came to.
   *
   * @param size bytes of content
   * @param added false if the same content was there already
   */
  record Stored(long size, boolean added) {}

  private final Path directory;
  private final Path temporaryDirectory;
  private final long maxBytes;
  private final long minimumFreeBytes;
  private final VerifiedFiles verified = new VerifiedFiles();

  ArtifactStore(ArtifactProperties properties) {
    this.directory = properties.artifactDirectory().toAbsolutePath().normalize();
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
   * Stores {@code content} if its hash is {@code sha256}; otherwise leaves nothing behind.
   *
   * @param announced the content's bytes as its sender says, or −1
   * @throws ProblemException 413 {@code artifact-too-large}, 422 {@code artifact-hash-mismatch},
   *     400 {@code upload-interrupted}, 507 {@code storage-full}
   */
  Stored write(String sha256, long announced, InputStream content) {
    Path target = path(sha256);
    if (announced > maxBytes) {
      throw tooLarge(announced + " bytes");
    }
    Path temporary = temporaryDirectory.resolve(UUID.randomUUID() + ".part");
    try {
      refuseIfFull(Math.max(0, announced));
      try (FileChannel channel = FileChannel.open(temporary, CREATE_NEW, WRITE);
          FileLock lock = channel.lock()) {
        long size = receive(sha256, content, lock.channel());
        if (intact(new Artifact(sha256, size))) {
          return new Stored(size, false);
        }
        channel.force(true);
        Path folder = folder(sha256);
        Files.createDirectories(folder);
        Files.move(temporary, target, ATOMIC_MOVE);
        forceDirectories(folder);
        return new Stored(size, true);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * The file of a known artifact, its content checked against the hash unless the same file was
   * checked before and has not changed since.
   *
   * @throws ProblemException 410 {@code artifact-corrupt} if the file is gone or damaged
   */
  Path verified(Artifact artifact) {
    if (!intact(artifact)) {
      log.error("artifact {} is damaged or gone and is not served", artifact.sha256());
      throw new ProblemException(
          HttpStatus.GONE,
          "artifact-corrupt",
          "artifact "
              + artifact.sha256()
              + " is damaged in the store and is not served; uploading the same content again"
              + " repairs it");
    }
    return path(artifact.sha256());
  }

  /** Whether the artifact's file is there with exactly its content. */
  boolean intact(Artifact artifact) {
    try {
      return verified.check(path(artifact.sha256()), artifact);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      log.error("artifact {} cannot be read", artifact.sha256(), e);
      return false;
    }
  }

  /** Where the artifact of that hash lies, whether it is there or not. */
  Path path(String sha256) {
    return folder(sha256).resolve(sha256);
  }

  private Path folder(String sha256) {
    String name = new Artifact(sha256, 0).sha256(); // refuses what is no hash
    return directory.resolve(name.substring(0, 2)).resolve(name.substring(2, 4));
  }

  private long receive(String sha256, InputStream content, FileChannel file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long size = 0;
    for (int read = next(content, buffer, size); read >= 0; read = next(content, buffer, size)) {
      size += read;
      if (size > maxBytes) {
        throw tooLarge("more than " + maxBytes + " bytes");
      }
      digest.update(buffer, 0, read);
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (!actual.equals(sha256)) {
      throw new ProblemException(
          HttpStatus.UNPROCESSABLE_CONTENT,
          "artifact-hash-mismatch",
          "the "
              + size
              + " bytes received have SHA-256 "
              + actual
              + ", the address says "
              + sha256
              + "; nothing was stored");
    }
    return size;
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

  private ProblemException tooLarge(String size) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "artifact-too-large",
        "the artifact has " + size + "; at most " + maxBytes + " are taken");
  }

  private void refuseIfFull(long needed) throws IOException {
    long free = Files.getFileStore(temporaryDirectory).getUsableSpace();
    if (free < needed || free - needed < minimumFreeBytes) {
      throw storageFull(free + " bytes are free, the upload has " + needed);
    }
  }

  private ProblemException failure(IOException e) {
    if (DiskSpace.ranOut(e, temporaryDirectory)) {
      return storageFull("the disk filled up during the upload");
    }
    throw new UncheckedIOException(e);
  }

  private static ProblemException storageFull(String reason) {
    log.error("the artifact store is full: {}", reason);
    return new ProblemException(
        HttpStatus.INSUFFICIENT_STORAGE,
        "storage-full",
        "the artifact store is full (" + reason + "); nothing was stored, free space and retry");
  }

  private void removeLeftOvers() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(temporaryDirectory, "*.part")) {
      for (Path file : files) {
        if (abandoned(file)) {
          Files.deleteIfExists(file);
          log.info("removed {}, left by an upload that a crash cut off", file.getFileName());
        }
      }
    }
  }

  private static boolean abandoned(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Forces the folder and those above it that may be new, so that the rename outlives a crash. */
  private void forceDirectories(Path folder) throws IOException {
    for (Path path : List.of(folder, folder.resolve("..").normalize(), directory)) {
      try (FileChannel channel = FileChannel.open(path, READ)) {
        channel.force(true);
      }
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
