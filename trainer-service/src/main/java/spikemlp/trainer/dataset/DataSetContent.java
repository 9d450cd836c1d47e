package spikemlp.trainer.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import spikemlp.contract.image.UnreadableImageException;
import spikemlp.data.DataSource;
import spikemlp.data.DataSources;
import spikemlp.data.DataSplit;
import spikemlp.data.ImageDataSet;
import spikemlp.data.UnusableDataSetException;
import spikemlp.problem.ProblemException;

/**
 * What an archive holds, every picture of it decoded once as a job would decode it.
 *
 * @param height rows of the pictures as jobs usually take them
 * @param width columns
 * @param classes readable pictures of each class
 * @param badImages the first of the files that are not trained on
 * @param badImageCount all of them
 */
record DataSetContent(
    int height, int width, List<ClassCount> classes, List<BadImage> badImages, int badImageCount) {

  /** The most unreadable pictures listed, and the most other files. */
  static final int MOST_LISTED = 100;

  private static final String NO_PICTURE =
      "is no picture by its name, which ends in neither .jpg, .jpeg nor .png; it is left out";

  DataSetContent {
    classes = List.copyOf(classes);
    badImages = List.copyOf(badImages);
  }

  /**
   * Reads a checked archive.
   *
   * @param members its entries
   * @param name what messages call it
   * @param maxBadImages the most pictures that may be unreadable
   * @throws ProblemException 422 {@code dataset-unusable} or {@code too-many-bad-images}, with
   *     {@code badImages} listed
   */
  static DataSetContent read(Path archive, List<ZipMember> members, String name, int maxBadImages) {
    List<String> pictures =
        members.stream().map(ZipMember::name).filter(PictureNames::isPicture).sorted().toList();
    DataSource source;
    DataSplit split;
    try {
      source = DataSources.open(archive);
    } catch (UnusableDataSetException e) {
      throw unusable(InvalidArchive.UNUSABLE, inWords(e, archive, name), List.of());
    } catch (UncheckedIOException e) {
      throw unreadable(e, archive, pictures, name);
    }
    try {
      // One pixel of each picture is kept; all of it is decoded.
      split = source.load(1, 1, DataSets.FIT, DataSets.SEED);
    } catch (UnusableDataSetException | UncheckedIOException e) {
      throw unreadable(e, archive, pictures, name);
    }
    List<BadImage> bad =
        split.skipped().stream().map(picture -> bad(picture.file(), picture.reason())).toList();
    if (bad.size() > maxBadImages) {
      throw unusable(
          InvalidArchive.BAD_IMAGES,
          "%d of %d pictures cannot be read, at most %d are skipped; mend or remove them"
              .formatted(bad.size(), pictures.size(), maxBadImages),
          bad);
    }
    List<BadImage> listed = new ArrayList<>(bad);
    List<String> others = pictures.isEmpty() ? List.of() : others(members);
    others.stream().limit(MOST_LISTED).forEach(file -> listed.add(new BadImage(file, NO_PICTURE)));
    return new DataSetContent(
        source.height(), source.width(), counts(split), listed, bad.size() + others.size());
  }

  private static ProblemException unreadable(
      RuntimeException reason, Path archive, List<String> pictures, String name) {
    List<BadImage> bad = unreadable(archive, pictures);
    return unusable(
        bad.isEmpty() ? InvalidArchive.UNUSABLE : InvalidArchive.BAD_IMAGES,
        inWords(reason, archive, name),
        bad);
  }

  private static String inWords(RuntimeException reason, Path archive, String name) {
    return "data set '" + name + "': " + DataSets.inWords(reason, archive, name);
  }

  private static ProblemException unusable(String code, String reason, List<BadImage> bad) {
    return InvalidArchive.refused(
        code,
        InvalidArchive.printable(reason),
        bad.isEmpty() ? Map.of() : Map.of("badImages", bad));
  }

  private static List<String> others(List<ZipMember> members) {
    return members.stream()
        .filter(member -> !member.folder())
        .map(ZipMember::name)
        .filter(file -> !PictureNames.isPicture(file) && !PictureNames.isHidden(file))
        .sorted()
        .toList();
  }

  /** The first pictures that cannot be read. */
  private static List<BadImage> unreadable(Path archive, List<String> pictures) {
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      return pictures.parallelStream()
          .flatMap(picture -> problem(zip, picture).stream())
          .limit(MOST_LISTED)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("reading an uploaded archive failed", e);
    }
  }

  private static Optional<BadImage> problem(ZipFile zip, String picture) {
    try {
      ArchivedPicture.decode(zip, picture);
      return Optional.empty();
    } catch (UnreadableImageException e) {
      return Optional.of(bad(picture, String.valueOf(e.getMessage())));
    }
  }

  private static BadImage bad(String path, String reason) {
    return new BadImage(path, InvalidArchive.printable(reason));
  }

  private static List<ClassCount> counts(DataSplit split) {
    List<String> labels = split.train().labels();
    int[] train = perClass(split.train());
    int[] test = perClass(split.test());
    List<ClassCount> counts = new ArrayList<>();
    for (int label = 0; label < labels.size(); label++) {
      counts.add(new ClassCount(labels.get(label), train[label], test[label]));
    }
    return counts;
  }

  private static int[] perClass(ImageDataSet images) {
    int[] counts = new int[images.labels().size()];
    for (int i = 0; i < images.size(); i++) {
      counts[images.label(i)]++;
    }
    return counts;
  }
}
