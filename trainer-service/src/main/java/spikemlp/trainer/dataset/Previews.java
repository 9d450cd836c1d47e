package spikemlp.trainer.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import spikemlp.contract.image.UnreadableImageException;
import spikemlp.data.DataSources;
import spikemlp.problem.ProblemException;

/** Makes thumbnails of a data set's pictures when they are asked for. Thread-safe. */
@Component
final class Previews {

  private record Named(String label, String path) {}

  private final DataSetFiles files;

  Previews(DataSetFiles files) {
    this.files = files;
  }

  /**
   * Pictures evenly chosen from a class, or from all classes in turn. Archives of CIFAR and IDX
   * files hold no picture files, and have none.
   *
   * @param limit the most pictures
   * @throws ProblemException 404 {@code class-not-found}, {@code dataset-not-found}
   */
  Preview of(DataSetDetail set, Optional<String> label, int limit) {
    Set<String> labels = set.classes().stream().map(ClassCount::label).collect(Collectors.toSet());
    if (label.isPresent() && !labels.contains(label.get())) {
      throw new ProblemException(
          HttpStatus.NOT_FOUND,
          "class-not-found",
          "data set %s has no class '%s'"
              .formatted(set.summary().id(), InvalidArchive.shown(label.get())));
    }
    Path archive = files.archive(set.summary().id());
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      SortedMap<String, List<String>> classes = DataSources.pictures(archive);
      label.ifPresent(one -> classes.keySet().retainAll(Set.of(one)));
      return new Preview(
          chosen(classes, limit).stream().flatMap(one -> item(zip, one).stream()).toList());
    } catch (NoSuchFileException e) {
      throw DataSetStore.notFound(set.summary().id()); // deleted meanwhile
    } catch (IOException e) {
      throw new UncheckedIOException("reading data set " + set.summary().id() + " failed", e);
    }
  }

  /** The first of every class, then the second, each class's spread evenly over all it has. */
  private static List<Named> chosen(SortedMap<String, List<String>> classes, int limit) {
    int each = Math.ceilDiv(limit, Math.max(1, classes.size()));
    List<Named> chosen = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      for (Map.Entry<String, List<String>> one : classes.entrySet()) {
        int size = one.getValue().size();
        int count = Math.min(each, size);
        if (i < count && chosen.size() < limit) {
          int at = (int) ((long) i * size / count);
          chosen.add(new Named(one.getKey(), one.getValue().get(at)));
        }
      }
    }
    return chosen;
  }

  /** The picture, unless it is one of the bad ones. */
  private static Optional<Preview.Item> item(ZipFile zip, Named picture) {
    try {
      byte[] png = ArchivedPicture.thumbnail(ArchivedPicture.decode(zip, picture.path));
      return Optional.of(
          new Preview.Item(
              picture.path,
              picture.label,
              "data:image/png;base64," + Base64.getEncoder().encodeToString(png)));
    } catch (UnreadableImageException e) {
      return Optional.empty();
    }
  }
}
