package spikemlp.trainer.dataset;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
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
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import spikemlp.problem.ProblemException;
import spikemlp.trainer.TrainerProperties;

/**
 * The archives on disk, each as {@code ID.zip}, and those that are being received, in {@code
 * uploads/PROCESS/}. Every name is generated here.
 *
 * <p>An archive appears whole or not at all: it is written below {@code uploads}, forced to the
 * disk and renamed atomically. Each trainer locks its own folder of uploads as long as it lives; at
 * start it removes the folders that nobody locks, and the archives that no data set has.
 * Thread-safe, and safe beside other trainers on the same directory and database.
 */
@Component
final class DataSetFiles implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DataSetFiles.class);
  private static final String ARCHIVE = ".zip";
  private static final String LOCK = "lock";
  private static final int BUFFER_BYTES = 1 << 16;

  /** After so many bytes received it is looked again how much is free. */
  private static final long FREE_CHECKED_EVERY = 64 << 20;

  /** With less than this left, whatever failed did so for want of space. */
  private static final long NOTHING_LEFT_BYTES = 1 << 20;

  /** This process's folder; the lock ends with the process, however it ends. */
  private record OwnUploads(Path folder, FileLock lock) {}

  private final Path directory;
  private final long maxBytes;
  private final long minimumFreeBytes;
  private final OwnUploads uploads;

  DataSetFiles(DataSetProperties settings, TrainerProperties trainer, DataSetStore store) {
    @Nullable Path own = settings.directory();
    this.directory =
        Objects.requireNonNullElse(own, trainer.workDirectory().resolve("datasets"))
            .toAbsolutePath()
            .normalize();
    this.maxBytes = settings.maxSize().toBytes();
    this.minimumFreeBytes = settings.minimumFreeSpace().toBytes();
    Path place = directory;
    this.uploads = store.alone(ids -> begin(place, ids));
  }

  private static OwnUploads begin(Path directory, Set<String> ids) {
    Path uploads = directory.resolve("uploads");
    try {
      Files.createDirectories(uploads);
      removeAbandonedUploads(uploads);
      removeArchivesOfNoDataSet(directory, ids);
      Path own = Files.createDirectory(uploads.resolve(UUID.randomUUID().toString()));
      FileChannel channel = FileChannel.open(own.resolve(LOCK), CREATE_NEW, WRITE);
      return new OwnUploads(own, channel.lock());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the data sets' directory " + directory + " must be one that can be written to", e);
    }
  }

  private static void removeAbandonedUploads(Path uploads) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(uploads)) {
      for (Path folder : folders) {
        if (DataSetStore.isId(folder.getFileName().toString()) && abandoned(folder)) {
          removeFolder(folder);
          log.info("removed the unfinished uploads of a trainer that is gone");
        }
      }
    }
  }

  private static boolean abandoned(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), CREATE, WRITE);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // another trainer in this process
    }
  }

  private static void removeFolder(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  private static void removeArchivesOfNoDataSet(Path directory, Set<String> ids)
      throws IOException {
    try (DirectoryStream<Path> archives = Files.newDirectoryStream(directory, "*" + ARCHIVE)) {
      for (Path archive : archives) {
        String name = archive.getFileName().toString();
        String id = name.substring(0, name.length() - ARCHIVE.length());
        if (DataSetStore.isId(id) && !ids.contains(id)) {
          Files.deleteIfExists(archive);
          log.info("removed {}, the archive of no data set", name);
        }
      }
    }
  }

  /** Where the archive of a data set lies. */
  Path archive(String id) {
    return directory.resolve(id + ARCHIVE);
  }

  /** An archive that was received; removed when it is closed unless it was kept. */
  final class Upload implements AutoCloseable {

    private final Path file;
    private final String sha256;
    private final long bytes;

    private Upload(Path file, String sha256, long bytes) {
      this.file = file;
      this.sha256 = sha256;
      this.bytes = bytes;
    }

    Path file() {
      return file;
    }

    String sha256() {
      return sha256;
    }

    long bytes() {
      return bytes;
    }

    /** Forces the archive to the disk. */
    void force() {
      try (FileChannel channel = FileChannel.open(file, WRITE)) {
        channel.force(true);
      } catch (IOException e) {
        throw failure(e);
      }
    }

    /** Makes it the archive of a data set. */
    void keep(String id) {
      try {
        Files.move(file, archive(id), ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, READ)) {
          channel.force(true);
        }
      } catch (IOException e) {
        throw failure(e);
      }
    }

    @Override
    public void close() {
      remove(file);
    }
  }

  /**
   * Writes an upload to the disk as it comes, hashing it.
   *
   * @param announced its bytes as its sender says, or −1
   * @throws ProblemException 413 {@code dataset-too-large}, 507 {@code storage-full}, 400 {@code
   *     upload-interrupted}; nothing is left of it then
   */
  Upload receive(InputStream content, long announced) {
    if (announced > maxBytes) {
      throw tooLarge("has " + announced + " bytes");
    }
    Path file = uploads.folder.resolve(UUID.randomUUID() + ".part");
    boolean whole = false;
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      requireFree(Math.max(0, announced));
      Upload upload = copy(content, channel, file);
      whole = true;
      return upload;
    } catch (IOException e) {
      throw failure(e);
    } finally {
      if (!whole) {
        remove(file);
      }
    }
  }

  private Upload copy(InputStream content, FileChannel channel, Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    long nextCheck = FREE_CHECKED_EVERY;
    for (int read = next(content, buffer, bytes); read >= 0; read = next(content, buffer, bytes)) {
      bytes += read;
      if (bytes > maxBytes) {
        throw tooLarge("has more than " + maxBytes + " bytes");
      }
      if (bytes > nextCheck) {
        requireFree(0);
        nextCheck = bytes + FREE_CHECKED_EVERY;
      }
      digest.update(buffer, 0, read);
      ByteBuffer part = ByteBuffer.wrap(buffer, 0, read);
      while (part.hasRemaining()) {
        channel.write(part);
      }
    }
    return new Upload(file, HexFormat.of().formatHex(digest.digest()), bytes);
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

  /** Removes a data set's archive. */
  void remove(String id) {
    remove(archive(id));
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("a file of a data set could not be removed", e);
    }
  }

  private ProblemException tooLarge(String size) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "dataset-too-large",
        "the archive %s; at most %d are taken. Larger data sets are read from a data root"
            .formatted(size, maxBytes));
  }

  private void requireFree(long needed) throws IOException {
    long free = Files.getFileStore(directory).getUsableSpace();
    if (free < needed || free - needed < minimumFreeBytes) {
      throw full(
          "%d bytes are free, the upload needs %d and %d stay free"
              .formatted(free, needed, minimumFreeBytes));
    }
  }

  /** A full disk is told by the system's words, in English alone, or by the space left. */
  private RuntimeException failure(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    boolean full =
        message.contains("No space left on device") || message.contains("Disk quota exceeded");
    try {
      full = full || Files.getFileStore(directory).getUsableSpace() < NOTHING_LEFT_BYTES;
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return full
        ? full("it filled up during the upload")
        : new UncheckedIOException("storing an upload failed", failure);
  }

  private static ProblemException full(String reason) {
    log.error("the disk of the data sets is full: {}", reason);
    return new ProblemException(
        HttpStatus.INSUFFICIENT_STORAGE,
        "storage-full",
        "the disk of the data sets is full ("
            + reason
            + "); nothing was stored, remove data sets or free space, and send it again");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Gives up this process's folder of uploads. */
  @Override
  public void close() throws IOException {
    removeFolder(uploads.folder);
    uploads.lock.acquiredBy().close();
  }
}
