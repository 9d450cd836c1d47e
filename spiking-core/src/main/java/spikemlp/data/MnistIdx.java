package spikemlp.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;
import spikemlp.contract.job.Augmentation;

/**
 * MNIST's IDX files (LeCun 1998), as Fashion-MNIST, KMNIST and EMNIST have them too: grey pictures
 * and their labels in files of their own, gzipped or not. Grey becomes three equal channels; the
 * classes are named by the labels' numbers.
 */
record MnistIdx(
    Path path,
    String name,
    List<String> labels,
    Part train,
    Optional<Part> test,
    int height,
    int width)
    implements DataSource {

  /** The names of a part's two files in the tree. */
  record Part(String images, String labels) {}

  /** Whether a file's name is one of a training part's. */
  static boolean isPart(String file) {
    return last(file).matches(".*(images|labels)[-.]idx[13]-ubyte(\\.gz)?");
  }

  static MnistIdx of(FileTree tree) throws IOException {
    Part train =
        part(tree, "train")
            .orElseThrow(() ->
                new UnusableDataSetException(
                    tree.path()
                        + " has IDX files but lacks train-images-idx3-ubyte or"
                        + " train-labels-idx1-ubyte (either may end in .gz)"));
    Optional<Part> test = part(tree, "(t10k|test)");
    TreeSet<Integer> classes = new TreeSet<>();
    for (byte label : IdxFile.labels(tree, train.labels())) {
      classes.add(label & 0xFF);
    }
    if (classes.size() < 2) {
      throw new UnusableDataSetException(
          "%s: %s has only one class, %s; a classifier needs two or more"
              .formatted(tree.path(), train.labels(), classes));
    }
    try (IdxFile images = IdxFile.images(tree, train.images())) {
      return new MnistIdx(
          tree.path(),
          DataSources.nameOf(tree.path()),
          classes.stream().map(String::valueOf).toList(),
          train,
          test,
          images.height(),
          images.width());
    }
  }

  private static Optional<Part> part(FileTree tree, String part) {
    Optional<String> images = file(tree, part, "images", 3);
    Optional<String> labels = file(tree, part, "labels", 1);
    return images.flatMap(i -> labels.map(l -> new Part(i, l)));
  }

  private static Optional<String> file(FileTree tree, String part, String what, int axes) {
    String pattern = "(.*-)?%s-%s[-.]idx%d-ubyte(\\.gz)?".formatted(part, what, axes);
    return tree.files().stream()
        .filter(file -> last(file).toLowerCase(Locale.ROOT).matches(pattern))
        .findFirst();
  }

  private static String last(String file) {
    return file.substring(file.lastIndexOf('/') + 1);
  }

  /** A crop alone: a mirrored digit is another sign. */
  @Override
  public Augmentation usualAugmentation() {
    return new Augmentation(2, false);
  }

  @Override
  public DataSplit load(int height, int width, InputSpec.Fit fit, long seed, StopRequest stop) {
    List<Part> parts = new ArrayList<>(List.of(train));
    test.ifPresent(parts::add);
    try (FileTree tree = FileTree.open(path)) {
      int total = 0;
      for (Part part : parts) {
        total = Math.addExact(total, IdxFile.labels(tree, part.labels()).length);
      }
      ContentHash hash = new ContentHash();
      try (RawPictures pictures = new RawPictures(total, height, width, fit)) {
        int trainCount = 0;
        for (Part part : parts) {
          add(tree, part, pictures, hash, stop);
          trainCount = trainCount == 0 ? pictures.count() : trainCount;
        }
        return pictures.split(trainCount, labels, hash, seed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " failed: " + e.getMessage(), e);
    }
  }

  private void add(
      FileTree tree, Part part, RawPictures pictures, ContentHash hash, StopRequest stop)
      throws IOException {
    byte[] classes = IdxFile.labels(tree, part.labels());
    hash.add(IdxFile.plainName(part.labels()), 0, ContentHash.of(classes));
    try (IdxFile images = IdxFile.images(tree, part.images())) {
      if (images.count() != classes.length) {
        throw new UnusableDataSetException(
            "%s: %s has %d pictures, %s has %d labels"
                .formatted(path, part.images(), images.count(), part.labels(), classes.length));
      }
      for (byte value : classes) {
        stop.check();
        int label = labels.indexOf(String.valueOf(value & 0xFF));
        if (label < 0) {
          throw new UnusableDataSetException(
              "%s: %s has the label %d, which no training picture has"
                  .formatted(path, part.labels(), value & 0xFF));
        }
        byte[] rgb = images.next();
        pictures.add(new Picture(images.height(), images.width(), rgb), label);
      }
      hash.add(IdxFile.plainName(part.images()), 0, images.hash());
    }
  }
}
