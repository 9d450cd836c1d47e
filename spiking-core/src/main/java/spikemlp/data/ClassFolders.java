package spikemlp.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.PictureHeader;
import spikemlp.contract.image.UnreadableImageException;
import spikemlp.contract.job.Augmentation;

/** JPEG and PNG files in a folder for each class, in a directory or a zip archive. */
record ClassFolders(
    Path path,
    String name,
    List<String> labels,
    List<LabelledFile> files,
    boolean hasTest,
    int height,
    int width)
    implements DataSource {

  /** Pictures whose most frequent size is at most this on both sides are trained at that size. */
  static final int LARGEST_OWN_SIDE = 96;

  /** The side that larger pictures get unless a job names another: one that a CPU can train. */
  static final int USUAL_SIDE = 64;

  private static final int SIZES_LOOKED_AT = 200;

  private record Size(int height, int width) {}

  static ClassFolders of(FileTree tree) {
    ClassLayout layout = ClassLayout.of(tree);
    Size size = usualSize(tree, layout.files());
    return new ClassFolders(
        tree.path(),
        DataSources.nameOf(tree.path()),
        layout.labels(),
        layout.files(),
        layout.hasTest(),
        size.height,
        size.width);
  }

  /** The most frequent size among some of the pictures, evenly chosen, if it is small. */
  private static Size usualSize(FileTree tree, List<LabelledFile> files) {
    Map<Size, Integer> counts = new HashMap<>();
    int looks = Math.min(SIZES_LOOKED_AT, files.size());
    for (int i = 0; i < looks; i++) {
      String file = files.get((int) ((long) i * files.size() / looks)).file();
      try {
        PictureHeader header = PictureHeader.read(tree.read(file));
        counts.merge(new Size(header.height(), header.width()), 1, Integer::sum);
      } catch (UnreadableImageException | IOException e) { // loading will name it
        counts.merge(new Size(USUAL_SIDE, USUAL_SIDE), 0, Integer::sum);
      }
    }
    Size most =
        counts.entrySet().stream()
            .max(
                Comparator.comparingInt((Map.Entry<Size, Integer> entry) -> entry.getValue())
                    .thenComparingInt(entry -> entry.getKey().height)
                    .thenComparingInt(entry -> entry.getKey().width))
            .orElseThrow()
            .getKey();
    boolean small = most.height <= LARGEST_OWN_SIDE && most.width <= LARGEST_OWN_SIDE;
    return small ? most : new Size(USUAL_SIDE, USUAL_SIDE);
  }

  /** A random crop after padding an eighth of the side (4 at 32), and a flip. */
  @Override
  public Augmentation usualAugmentation() {
    return new Augmentation(Math.max(1, Math.min(height, width) / 8), true);
  }

  @Override
  public DataSplit load(int height, int width, InputSpec.Fit fit, long seed, StopRequest stop) {
    try (FileTree tree = FileTree.open(path)) {
      return new PictureLoader(tree, this, height, width, fit, stop).load(seed);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " failed: " + e.getMessage(), e);
    }
  }
}
