package spikemlp.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;
import spikemlp.contract.job.Augmentation;

/**
 * The binary version of CIFAR-10 and CIFAR-100 (Krizhevsky 2009). A record is the label bytes, then
 * 32×32 red, green and blue bytes; CIFAR-10 has one label byte, CIFAR-100 a coarse and a fine one,
 * of which the fine one counts.
 */
record CifarBinary(
    Path path,
    String name,
    List<String> labels,
    List<String> train,
    List<String> test,
    int labelBytes)
    implements DataSource {

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final List<String> TEN =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  /** Whether a file's name is one of CIFAR's. */
  static boolean isPart(String file) {
    return isTenTrain(file) || named(file, "test_batch.bin") || named(file, "train.bin");
  }

  private static boolean isTenTrain(String file) {
    return file.substring(file.lastIndexOf('/') + 1).matches("data_batch_[0-9]+\\.bin");
  }

  private static boolean named(String file, String name) {
    return file.equals(name) || file.endsWith("/" + name);
  }

  static CifarBinary of(FileTree tree) throws IOException {
    List<String> tenTrain = tree.files().stream().filter(CifarBinary::isTenTrain).toList();
    List<String> tenTest = with(tree, "test_batch.bin");
    boolean ten = !tenTrain.isEmpty() || !tenTest.isEmpty();
    List<String> train = ten ? tenTrain : with(tree, "train.bin");
    List<String> test = ten ? tenTest : with(tree, "test.bin");
    if (train.isEmpty()) {
      throw new UnusableDataSetException(
          tree.path()
              + " has CIFAR-10's test_batch.bin but no data_batch_1.bin to data_batch_5.bin");
    }
    List<String> labels =
        ten
            ? names(tree, "batches.meta.txt", TEN)
            : names(
                tree,
                "fine_label_names.txt",
                IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    CifarBinary source =
        new CifarBinary(
            tree.path(), DataSources.nameOf(tree.path()), labels, train, test, ten ? 1 : 2);
    source.records(tree, train);
    source.records(tree, test);
    return source;
  }

  private static List<String> with(FileTree tree, String name) {
    return tree.files().stream().filter(file -> named(file, name)).toList();
  }

  /** The names in a file of one name a line, or the usual ones where there is no such file. */
  private static List<String> names(FileTree tree, String file, List<String> usual)
      throws IOException {
    List<String> files = with(tree, file);
    if (files.isEmpty()) {
      return usual;
    }
    String text = new String(tree.read(files.getFirst()), StandardCharsets.UTF_8);
    List<String> names = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (names.size() != usual.size()) {
      throw new UnusableDataSetException(
          "%s: %s names %d classes; there are %d"
              .formatted(tree.path(), files.getFirst(), names.size(), usual.size()));
    }
    return names;
  }

  private int recordLength() {
    return labelBytes + 3 * PLANE;
  }

  private int records(FileTree tree, List<String> files) throws IOException {
    long records = 0;
    for (String file : files) {
      long size = tree.size(file);
      if (size == 0 || size % recordLength() != 0) {
        throw new UnusableDataSetException(
            "%s: %s has %d bytes, which is no whole number of records of %d bytes; it is cut off or no CIFAR-%d file"
                .formatted(path, file, size, recordLength(), labels.size()));
      }
      records += size / recordLength();
    }
    return Math.toIntExact(records);
  }

  @Override
  public int height() {
    return SIDE;
  }

  @Override
  public int width() {
    return SIDE;
  }

  @Override
  public Augmentation usualAugmentation() {
    return Augmentation.CROP_AND_FLIP;
  }

  @Override
  public DataSplit load(int height, int width, InputSpec.Fit fit, long seed, StopRequest stop) {
    try (FileTree tree = FileTree.open(path)) {
      int trainCount = records(tree, train);
      List<String> files = new ArrayList<>(train);
      files.addAll(test);
      ContentHash hash = new ContentHash();
      try (RawPictures pictures =
          new RawPictures(trainCount + records(tree, test), height, width, fit)) {
        for (String file : files) {
          hash.add(file.substring(file.lastIndexOf('/') + 1), 0, read(tree, file, pictures, stop));
        }
        return pictures.split(trainCount, labels, hash, seed);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path + " failed: " + e.getMessage(), e);
    }
  }

  /** Adds a file's pictures; returns the SHA-256 of its bytes. */
  private byte[] read(FileTree tree, String file, RawPictures pictures, StopRequest stop)
      throws IOException {
    MessageDigest digest = ContentHash.sha256();
    try (InputStream in = new DigestInputStream(tree.stream(file), digest)) {
      byte[] bytes = new byte[recordLength()];
      while (in.readNBytes(bytes, 0, bytes.length) == bytes.length) {
        stop.check();
        int label = bytes[labelBytes - 1] & 0xFF;
        if (label >= labels.size()) {
          throw new UnusableDataSetException(
              "%s: %s has the label %d; there are the classes 0 to %d"
                  .formatted(path, file, label, labels.size() - 1));
        }
        pictures.add(picture(bytes), label);
      }
    }
    return digest.digest();
  }

  private Picture picture(byte[] bytes) {
    byte[] rgb = new byte[3 * PLANE];
    for (int i = 0; i < PLANE; i++) {
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = bytes[labelBytes + c * PLANE + i];
      }
    }
    return new Picture(SIDE, SIDE, rgb);
  }
}
