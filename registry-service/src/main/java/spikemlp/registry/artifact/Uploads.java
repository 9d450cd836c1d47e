package spikemlp.registry.artifact;

import static java.nio.file.StandardOpenOption.CREATE;
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
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;
import spikemlp.contract.registry.Artifact;
import spikemlp.problem.ProblemException;

/**
 * Uploads that go on after an interruption. An upload is a row, and a file of its name whose length
 * is what has arrived; whoever adds to the file holds a lock on it. The last byte completes it: the
 * file is hashed and becomes the artifact.
 */
@Component
class Uploads {

  private static final Logger log = LoggerFactory.getLogger(Uploads.class);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final String SUFFIX = ".part";

  /**
   * What a part came to.
   *
   * @param offset bytes that have arrived by now
   * @param completed the artifact, if this was the last part
   */
  record Progress(long offset, Optional<Artifacts.Upload> completed) {}

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final ArtifactStore store;
  private final Artifacts artifacts;
  private final Path directory;
  private final Duration expiry;
  private final int maxOpen;

  Uploads(
      JdbcClient jdbc,
      TransactionOperations transaction,
      ArtifactStore store,
      Artifacts artifacts,
      ArtifactProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.store = store;
    this.artifacts = artifacts;
    this.directory = properties.artifactDirectory().toAbsolutePath().resolve("uploads");
    this.expiry = properties.uploadExpiry();
    this.maxOpen = properties.maxOpenUploads();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Opens an upload.
   *
   * @throws ProblemException 413 {@code artifact-too-large}, 429 {@code too-many-uploads}, 507
   *     {@code storage-full}
   */
  UploadStatus open(Artifact artifact, String actor) {
    store.refuseTooLarge(artifact.size());
    try {
      store.refuseIfFull(artifact.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    UUID id =
        transaction.execute(status -> {
          jdbc.sql("lock table upload in share row exclusive mode").update();
          if (jdbc.sql("select count(*) from upload").query(Integer.class).single() >= maxOpen) {
            throw new ProblemException(
                HttpStatus.TOO_MANY_REQUESTS,
                "too-many-uploads",
                maxOpen
                    + " uploads are open, no more are allowed at a time; complete or delete one");
          }
          return jdbc.sql("insert into upload (sha256, size, actor) values (?, ?, ?) returning id")
              .params(artifact.sha256(), artifact.size(), actor)
              .query(UUID.class)
              .single();
        });
    return get(id);
  }

  /**
   * How far an upload is.
   *
   * @throws ProblemException 404 {@code upload-not-found}
   */
  UploadStatus get(UUID id) {
    return jdbc.sql("select id, sha256, size, touched_at from upload where id = ?")
        .param(id)
        .query((row, number) ->
            new UploadStatus(
                row.getObject("id", UUID.class),
                row.getString("sha256"),
                row.getLong("size"),
                length(id),
                row.getTimestamp("touched_at").toInstant().plus(expiry)))
        .optional()
        .orElseThrow(() ->
            new ProblemException(
                HttpStatus.NOT_FOUND,
                "upload-not-found",
                "there is no upload "
                    + id
                    + "; it may be complete, deleted or expired; ask for the artifact itself"));
  }

  private long length(UUID id) {
    Path file = file(id);
    try {
      return Files.exists(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds a part. What arrived of a part that breaks off is kept.
   *
   * @param offset where the part begins, which must be where the upload ends so far
   * @param announced the part's bytes as its sender says, or −1
   * @throws ProblemException 409 {@code upload-offset-mismatch}, {@code upload-busy}; 413 {@code
   *     artifact-too-large}; 400 {@code upload-interrupted}; 422 {@code artifact-hash-mismatch}
   */
  Progress append(UUID id, long offset, long announced, InputStream part, String actor) {
    UploadStatus upload = get(id);
    try (FileChannel channel = FileChannel.open(file(id), CREATE, WRITE);
        FileLock lock = lock(channel)) {
      if (lock == null) {
        throw busy(id);
      }
      jdbc.sql("update upload set touched_at = now() where id = ?").param(id).update();
      refuseOffset(upload, channel.size(), offset);
      if (announced > upload.size() - offset) {
        throw tooLong(upload, offset + announced);
      }
      store.refuseIfFull(Math.max(0, announced));
      receive(upload, offset, part, channel);
      channel.force(true);
      long arrived = channel.size();
      return new Progress(
          arrived,
          arrived < upload.size() ? Optional.empty() : Optional.of(complete(upload, actor)));
    } catch (IOException e) {
      throw store.failure(e);
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static void refuseOffset(UploadStatus upload, long arrived, long offset) {
    if (arrived != offset) {
      throw new ProblemException(
          HttpStatus.CONFLICT,
          "upload-offset-mismatch",
          "upload "
              + upload.id()
              + " has "
              + arrived
              + " bytes, the part begins at "
              + offset
              + "; go on at "
              + arrived,
          Map.of("offset", arrived));
    }
  }

  private static void receive(UploadStatus upload, long offset, InputStream part, FileChannel file)
      throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long at = offset;
    file.position(offset);
    while (true) {
      int read;
      try {
        read = part.read(buffer);
      } catch (IOException e) {
        log.info("upload {} broke off after {} bytes: {}", upload.id(), at, e.toString());
        file.force(true);
        throw new ProblemException(
            HttpStatus.BAD_REQUEST,
            "upload-interrupted",
            "the part broke off; the upload has " + at + " bytes, go on from there",
            Map.of("offset", at));
      }
      if (read < 0) {
        return;
      }
      at += read;
      if (at > upload.size()) {
        file.truncate(offset);
        throw tooLong(upload, at);
      }
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    }
  }

  private Artifacts.Upload complete(UploadStatus upload, String actor) throws IOException {
    Path file = file(upload.id());
    Staged staged;
    try {
      staged = store.stage(upload.sha256(), file);
    } catch (ProblemException wrongHash) {
      remove(upload.id());
      throw wrongHash;
    }
    Artifacts.Upload done = artifacts.adopt(staged, actor);
    remove(upload.id());
    return done;
  }

  /**
   * Gives an upload up.
   *
   * @throws ProblemException 404 {@code upload-not-found}, 409 {@code upload-busy}
   */
  void cancel(UUID id) {
    get(id);
    try (FileChannel channel = FileChannel.open(file(id), CREATE, WRITE);
        FileLock lock = lock(channel)) {
      if (lock == null) {
        throw busy(id);
      }
      remove(id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void remove(UUID id) throws IOException {
    jdbc.sql("delete from upload where id = ?").param(id).update();
    Files.deleteIfExists(file(id));
  }

  /** Gives up the uploads that waited too long and removes files without an upload. */
  int expire() throws IOException {
    List<UUID> expired =
        jdbc.sql(
                """
                delete from upload where touched_at < now() - make_interval(secs => ?)
                returning id
                """)
            .param(expiry.toMillis() / 1000.0)
            .query((row, number) -> row.getObject(1, UUID.class))
            .list();
    Set<String> living =
        new HashSet<>(
            jdbc.sql("select id from upload").query((row, number) -> row.getString(1)).list());
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String id = name.substring(0, name.length() - SUFFIX.length());
        if (!living.contains(id) && !isOpen(id) && ArtifactStore.abandoned(file)) {
          Files.deleteIfExists(file);
        }
      }
    }
    return expired.size();
  }

  /** Whether an upload was opened since the living ones were read. */
  private boolean isOpen(String id) {
    return jdbc.sql("select exists (select from upload where id::text = ?)")
        .param(id)
        .query(Boolean.class)
        .single();
  }

  private Path file(UUID id) {
    return directory.resolve(id + SUFFIX);
  }

  private static ProblemException busy(UUID id) {
    return new ProblemException(
        HttpStatus.CONFLICT,
        "upload-busy",
        "another request is adding to upload " + id + "; ask for its offset and go on from there");
  }

  private static ProblemException tooLong(UploadStatus upload, long bytes) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "artifact-too-large",
        "upload "
            + upload.id()
            + " was opened for "
            + upload.size()
            + " bytes, with this part it would have "
            + bytes
            + " or more");
  }
}
