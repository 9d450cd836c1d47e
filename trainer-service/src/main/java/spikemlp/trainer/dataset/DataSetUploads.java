package spikemlp.trainer.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.registry.ModelReference;
import spikemlp.problem.ProblemException;

/**
 * Turns an upload into a data set: received, checked as an archive, every picture decoded, then
 * recorded. Whatever is wrong leaves nothing behind. Thread-safe.
 */
@Component
final class DataSetUploads {

  /**
   * What an upload came to.
   *
   * @param added false if the same content was there under the same name
   */
  record Result(DataSetDetail set, boolean added) {}

  private final DataSetFiles files;
  private final DataSetStore store;
  private final ArchiveCheck check;
  private final int maxBadImages;
  private final int concurrentUploads;
  private final Semaphore slots;

  DataSetUploads(
      DataSetFiles files, DataSetStore store, ArchiveCheck check, DataSetProperties settings) {
    this.files = files;
    this.store = store;
    this.check = check;
    this.maxBadImages = settings.maxBadImages();
    this.concurrentUploads = settings.concurrentUploads();
    this.slots = new Semaphore(concurrentUploads);
  }

  /**
   * Receives and checks an archive.
   *
   * @param name as a model's
   * @param announced the archive's bytes as its sender says, or −1
   * @throws ProblemException saying what is wrong with it, or that there is no room
   */
  Result upload(String name, long announced, InputStream content, String caller) {
    requireName(name);
    if (!slots.tryAcquire()) {
      throw new ProblemException(
              HttpStatus.SERVICE_UNAVAILABLE,
              "too-many-uploads",
              concurrentUploads + " uploads are under way, the most at a time; try again shortly")
          .retryAfter(Duration.ofSeconds(5));
    }
    try (DataSetFiles.Upload upload = files.receive(content, announced)) {
      Optional<DataSetDetail> known = store.named(name);
      return known.isPresent() ? same(known.get(), upload) : added(name, upload, caller);
    } catch (IOException e) {
      throw new UncheckedIOException("reading an upload failed", e);
    } finally {
      slots.release();
    }
  }

  private Result added(String name, DataSetFiles.Upload upload, String caller) throws IOException {
    List<ZipMember> members = check.check(upload.file());
    DataSetContent content = DataSetContent.read(upload.file(), members, name, maxBadImages);
    upload.force();
    String id = UUID.randomUUID().toString();
    DataSetStore.Addition addition =
        new DataSetStore.Addition(id, name, upload.sha256(), upload.bytes(), content, caller);
    if (store.add(addition, () -> upload.keep(id))) {
      return new Result(store.require(id), true);
    }
    return same(store.named(name).orElseThrow(() -> taken(name, "meanwhile")), upload);
  }

  private static Result same(DataSetDetail known, DataSetFiles.Upload upload) {
    DataSetSummary summary = known.summary();
    if (!summary.sha256().equals(upload.sha256())) {
      throw taken(summary.name(), "by data set " + summary.id() + " with other content");
    }
    return new Result(known, false);
  }

  private static ProblemException taken(String name, String by) {
    return new ProblemException(
        HttpStatus.CONFLICT,
        "dataset-name-taken",
        "the name '" + name + "' is taken " + by + "; choose another, or delete that one first");
  }

  private static void requireName(String name) {
    if (!ModelReference.isName(name)) {
      throw new InvalidConfigurationException(
          List.of(
              new FieldProblem(
                  "name",
                  InvalidArchive.shown(name),
                  "a data set's name is 1 to 64 of a-z, 0-9, '.', '_', '-' and begins with a"
                      + " letter or digit")));
    }
  }
}
