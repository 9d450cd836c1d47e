package spikemlp.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

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
      throw new UncheckedIOException("reading " + path + " failed: " + e.getMessage(), e);
    }
  }

  private static DataSource detected(FileTree tree) throws IOException {
    List<String> files = tree.files();
    if (files.stream().anyMatch(MnistIdx::isPart)) {
      return MnistIdx.of(tree);
    }
    if (files.stream().anyMatch(CifarBinary::isPart)) {
      return CifarBinary.of(tree);
    }
    if (files.stream().anyMatch(ClassLayout::isPicture)) {
      return ClassFolders.of(tree);
    }
    throw new UnusableDataSetException(
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
