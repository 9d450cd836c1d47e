package spikemlp.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Opens data sources. */
public final class DataSources {

  private DataSources() {}

  /**
   * The data set at a path, its layout found out by the files' names.
   *
   * @param path a directory or a zip archive
   * @throws UnusableDataSetException if there is none; the message says what was found and what
   *     layouts there are
   */
  public static DataSource open(Path path) {
    try (FileTree tree = FileTree.open(path)) {
      return detected(tree);
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  /**
   * Where the pictures of class folders lie, by their names alone.
   *
   * @param path a directory or a zip archive
   * @return the paths of each class's pictures, both sorted; empty for CIFAR's and MNIST's files,
   *     which hold no picture files
   */
  public static SortedMap<String, List<String>> pictures(Path path) {
    SortedMap<String, List<String>> pictures = new TreeMap<>();
    try (FileTree tree = FileTree.open(path)) {
      if (layout(tree.files()) == Layout.CLASS_FOLDERS) {
        ClassLayout layout = ClassLayout.of(tree);
        layout
            .files()
            .forEach(file ->
                pictures
                    .computeIfAbsent(layout.labels().get(file.label()), label -> new ArrayList<>())
                    .add(file.file()));
      }
      return pictures;
    } catch (IOException e) {
      throw failed(path, e);
    }
  }

  private static UncheckedIOException failed(Path path, IOException e) {
    return new UncheckedIOException("reading " + path + " failed: " + e.getMessage(), e);
  }

  private enum Layout {
    MNIST,
    CIFAR,
    CLASS_FOLDERS,
    UNKNOWN
  }

  private static Layout layout(List<String> files) {
    if (files.stream().anyMatch(MnistIdx::isPart)) {
      return Layout.MNIST;
    }
    if (files.stream().anyMatch(CifarBinary::isPart)) {
      return Layout.CIFAR;
    }
    return files.stream().anyMatch(ClassLayout::isPicture) ? Layout.CLASS_FOLDERS : Layout.UNKNOWN;
  }

  private static DataSource detected(FileTree tree) throws IOException {
    return switch (layout(tree.files())) {
      case MNIST -> MnistIdx.of(tree);
      case CIFAR -> CifarBinary.of(tree);
      case CLASS_FOLDERS -> ClassFolders.of(tree);
      case UNKNOWN -> throw unknown(tree);
    };
  }

  private static UnusableDataSetException unknown(FileTree tree) {
    List<String> files = tree.files();
    return new UnusableDataSetException(
        "%s holds no images in a known layout: it has %s. Known are: pictures in class folders, %s; CIFAR-10 or CIFAR-100 in its binary version, data_batch_*.bin and test_batch.bin or train.bin and test.bin%s; MNIST's IDX files, train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped or not"
            .formatted(
                tree.path(),
                found(files),
                ClassLayout.EXPECTED,
                files.stream().anyMatch(name -> name.endsWith("data_batch_1"))
                    ? " (this looks like the Python version)"
                    : ""));
  }

  private static String found(List<String> files) {
    return files.isEmpty()
        ? "no files"
        : files.size()
            + " files, such as "
            + String.join(", ", files.subList(0, Math.min(3, files.size())));
  }

  /**
   * Digits drawn by code, 32×32, in ten classes of equal size: no download. The same numbers and
   * seed give the same pictures on every machine.
   *
   * @param trainImages at least 10
   * @param testImages at least 10; drawn from a stream of their own
   */
  public static DataSource digits(int trainImages, int testImages, long seed) {
    return new DrawnDigits(trainImages, testImages, seed);
  }

  /** A path's last part without {@code .zip}. */
  static String nameOf(Path path) {
    Path last = path.toAbsolutePath().normalize().getFileName();
    return last == null ? "data" : last.toString().replaceFirst("(?i)\\.zip$", "");
  }
}
