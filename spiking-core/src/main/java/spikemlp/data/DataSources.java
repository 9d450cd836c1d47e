package spikemlp.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

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
      return ClassFolders.of(tree);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " failed: " + e.getMessage(), e);
    }
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
