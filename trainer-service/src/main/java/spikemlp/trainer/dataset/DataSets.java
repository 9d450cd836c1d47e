package spikemlp.trainer.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.data.DataSource;
import spikemlp.data.DataSources;
import spikemlp.data.DataSplit;
import spikemlp.data.StopRequest;
import spikemlp.data.UnusableDataSetException;
import spikemlp.trainer.TrainerProperties;

/**
 * Opens the data sets that requests name. A {@code path} counts only if it lies, with every
 * symbolic link resolved, below one of the configured roots; what lies elsewhere is answered like
 * what does not exist.
 */
@Component
public final class DataSets {

  /** How pictures of another shape are fitted: covering the input, so that nothing is distorted. */
  public static final InputSpec.Fit FIT = InputSpec.Fit.COVER;

  /** Seed of drawing and splitting: the same for all jobs, so that accuracies compare. */
  public static final long SEED = 1;

  private static final int TRAIN_DIGITS = 20_000;
  private static final int TEST_DIGITS = 2_000;
  private static final int MOST_DIGITS = 1_000_000;
  private static final int LEAST_DIGITS = 20;

  private final List<Path> roots;
  private final DataSetStore store;
  private final DataSetFiles files;

  DataSets(TrainerProperties properties, DataSetStore store, DataSetFiles files) {
    this.roots = properties.dataRoots();
    this.store = store;
    this.files = files;
  }

  /**
   * Opens a data set: names and headers, not yet the pictures.
   *
   * @throws InvalidConfigurationException naming every wrong value of {@code spec}
   */
  public DataSource open(DataSetSpec spec) {
    return switch (String.valueOf(spec.kind())) {
      case "digits" -> digits(spec);
      case "path" -> {
        refuse("id", spec.id(), "goes with kind uploaded; kind path has a path");
        DataSource source = at(spec.path());
        requireEveryClass(spec, source.labels().size());
        yield source;
      }
      case "uploaded" -> {
        refuse("path", spec.path(), "goes with kind path; kind uploaded has an id");
        DataSource source = uploaded(spec.id());
        requireEveryClass(spec, source.labels().size());
        yield source;
      }
      default ->
          throw invalid(
              "kind",
              String.valueOf(spec.kind()),
              "is digits (drawn by code, needs nothing), path (images below a data root) or"
                  + " uploaded (images sent to /api/v1/datasets)");
    };
  }

  /** The name that people know a data set by. */
  public String name(DataSetSpec spec, DataSource source) {
    return Optional.ofNullable(spec.id())
        .flatMap(store::find)
        .map(set -> set.summary().name())
        .orElse(source.name());
  }

  /**
   * Loads a data set again as it was prepared before.
   *
   * @throws InvalidConfigurationException if it is no longer there
   * @throws java.util.concurrent.CancellationException if asked to stop
   */
  public DataSplit load(DataSetSpec spec, InputSpec input, StopRequest stop) {
    return read(spec, open(spec), input.height(), input.width(), input.fit(), stop);
  }

  /**
   * Reads the pictures of an opened data set.
   *
   * @throws UnusableDataSetException if it or too many of its pictures cannot be used
   * @throws java.util.concurrent.CancellationException if asked to stop
   */
  public DataSplit read(
      DataSetSpec spec,
      DataSource source,
      int height,
      int width,
      InputSpec.Fit fit,
      StopRequest stop) {
    try {
      return part(spec, source.load(height, width, fit, SEED, stop));
    } catch (UnusableDataSetException e) {
      String id = spec.id();
      String given = spec.path();
      if (id != null) {
        throw new UnusableDataSetException(
            "dataSet.id = " + id + ": " + inWords(e, files.archive(id), id), e);
      }
      if (given == null) {
        throw e;
      }
      String reason =
          resolve(given).map(path -> inWords(e, path, given)).orElse("is no longer there");
      throw new UnusableDataSetException("dataSet.path = " + given + ": " + reason, e);
    }
  }

  /** As many pictures as a request for a path or an upload names, of every class its share. */
  private static DataSplit part(DataSetSpec spec, DataSplit whole) {
    boolean given = spec.path() != null || spec.id() != null;
    if (!given || (spec.trainImages() == null && spec.testImages() == null)) {
      return whole;
    }
    return new DataSplit(
        spec.trainImages() == null ? whole.train() : whole.train().spread(spec.trainImages()),
        spec.testImages() == null ? whole.test() : whole.test().spread(spec.testImages()),
        whole.contentHash(),
        whole.skipped());
  }

  private static DataSource digits(DataSetSpec spec) {
    List<FieldProblem> problems = new ArrayList<>();
    if (spec.path() != null) {
      problems.add(
          new FieldProblem("path", spec.path(), "goes with kind path; digits are drawn by code"));
    }
    if (spec.id() != null) {
      problems.add(
          new FieldProblem("id", spec.id(), "goes with kind uploaded; digits are drawn by code"));
    }
    int train = count(problems, "trainImages", spec.trainImages(), TRAIN_DIGITS);
    int test = count(problems, "testImages", spec.testImages(), TEST_DIGITS);
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    return DataSources.digits(train, test, SEED);
  }

  /** Fewer pictures than classes would leave classes out. */
  private static void requireEveryClass(DataSetSpec spec, int classes) {
    List<FieldProblem> problems = new ArrayList<>();
    enough(problems, "trainImages", spec.trainImages(), classes);
    enough(problems, "testImages", spec.testImages(), classes);
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private static void enough(
      List<FieldProblem> problems, String field, @Nullable Integer given, int classes) {
    if (given != null && given < classes) {
      problems.add(
          new FieldProblem(
              field, given.toString(), "must be " + classes + " or more, the number of classes"));
    }
  }

  private static int count(
      List<FieldProblem> problems, String field, @Nullable Integer given, int otherwise) {
    int count = given == null ? otherwise : given;
    if (count < LEAST_DIGITS || count > MOST_DIGITS) {
      problems.add(
          new FieldProblem(
              field,
              Integer.toString(count),
              "must be from " + LEAST_DIGITS + " to " + MOST_DIGITS));
    }
    return count;
  }

  private DataSource at(@Nullable String given) {
    if (given == null || given.isBlank()) {
      throw invalid(
          "path", String.valueOf(given), "kind path needs the images' path below a data root");
    }
    Path path =
        resolve(given)
            .orElseThrow(() ->
                invalid(
                    "path",
                    given,
                    "there is nothing readable at it below the trainer's "
                        + roots.size()
                        + (roots.size() == 1 ? " data root" : " data roots")
                        + " (spikemlp.trainer.data-roots)"));
    try {
      return DataSources.open(path);
    } catch (IllegalArgumentException e) {
      throw invalid("path", given, inWords(e, path, given));
    }
  }

  private DataSource uploaded(@Nullable String id) {
    if (id == null || id.isBlank()) {
      throw invalid(
          "id", String.valueOf(id), "kind uploaded needs the id of a data set of /api/v1/datasets");
    }
    if (store.find(id).isEmpty()) {
      throw new InvalidConfigurationException(List.of(DataSetStore.unknown(id)));
    }
    try {
      return DataSources.open(files.archive(id));
    } catch (IllegalArgumentException e) {
      throw invalid("id", id, inWords(e, files.archive(id), id));
    } catch (UncheckedIOException e) {
      if (store.find(id).isEmpty()) { // deleted meanwhile
        throw new InvalidConfigurationException(List.of(DataSetStore.unknown(id)));
      }
      throw e;
    }
  }

  private static void refuse(String field, @Nullable String value, String message) {
    if (value != null) {
      throw invalid(field, value, message);
    }
  }

  private Optional<Path> resolve(String given) {
    return roots.stream().flatMap(root -> below(root, given).stream()).findFirst();
  }

  /** The real path, if it lies below the root. */
  private static Optional<Path> below(Path root, String given) {
    try {
      Path realRoot = root.toRealPath();
      Path real = realRoot.resolve(given).toRealPath();
      return real.startsWith(realRoot) ? Optional.of(real) : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The reason to stand behind the place as the request named it, hence without it in front. */
  static String inWords(RuntimeException reason, Path path, String given) {
    String words = String.valueOf(reason.getMessage());
    for (String repeated : List.of(path + ": ", path + " ")) {
      if (words.startsWith(repeated)) {
        words = words.substring(repeated.length());
      }
    }
    return words.replace(path.toString(), given);
  }

  private static InvalidConfigurationException invalid(String field, String value, String message) {
    return new InvalidConfigurationException(List.of(new FieldProblem(field, value, message)));
  }
}
