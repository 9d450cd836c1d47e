package spikemlp.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;

/**
 * An IDX file of unsigned bytes, read from its start: magic 0x00 0x00 0x08 and the number of axes,
 * the axes' lengths as big-endian integers, then the values. No more is read than it announces.
 */
final class IdxFile implements AutoCloseable {

  private static final int UNSIGNED_BYTES = 0x800;
  private static final int MOST_PICTURES = 10_000_000;
  private static final int LONGEST_SIDE = 4096;

  private final Path path;
  private final String file;
  private final DataInputStream in;
  private final int count;
  private final int height;
  private final int width;
  private final MessageDigest digest = ContentHash.sha256();
  private int taken;

  private IdxFile(FileTree tree, String file, int axes) throws IOException {
    this.path = tree.path();
    this.file = file;
    this.in = new DataInputStream(new BufferedInputStream(unpacked(tree.stream(file)), 1 << 16));
    try {
      int magic = in.readInt();
      if (magic != UNSIGNED_BYTES + axes) {
        throw unusable(
            "begins with %08x, not with %08x, so it is no IDX file of bytes with %d %s"
                .formatted(magic, UNSIGNED_BYTES + axes, axes, axes == 1 ? "axis" : "axes"));
      }
      count = within("count", in.readInt(), MOST_PICTURES);
      height = axes == 3 ? within("height", in.readInt(), LONGEST_SIDE) : 1;
      width = axes == 3 ? within("width", in.readInt(), LONGEST_SIDE) : 1;
    } catch (EOFException e) {
      in.close();
      throw unusable("is cut off: it ends within its header");
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** A file of grey pictures {@code [count, height, width]}. */
  static IdxFile images(FileTree tree, String file) throws IOException {
    return new IdxFile(tree, file, 3);
  }

  /** The values of a file of labels {@code [count]}. */
  static byte[] labels(FileTree tree, String file) throws IOException {
    try (IdxFile labels = new IdxFile(tree, file, 1)) {
      byte[] values = labels.in.readNBytes(labels.count);
      if (values.length < labels.count) {
        throw labels.unusable(
            "is cut off: it announces %d labels and has %d".formatted(labels.count, values.length));
      }
      return values;
    }
  }

  private static InputStream unpacked(InputStream in) throws IOException {
    InputStream buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1F && buffered.read() == 0x8B;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
  }

  private int within(String what, int value, int most) {
    if (value < 1 || value > most) {
      throw unusable("announces a " + what + " of " + value + "; it must be from 1 to " + most);
    }
    return value;
  }

  private UnusableDataSetException unusable(String reason) {
    return new UnusableDataSetException(path + ": " + file + " " + reason);
  }

  /** A file's name without folders and {@code .gz}. */
  static String plainName(String file) {
    return file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.gz$", "");
  }

  int count() {
    return count;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  /** The next picture as {@code [height, width, 3]}, its three channels equal. */
  byte[] next() throws IOException {
    byte[] grey = new byte[height * width];
    try {
      in.readFully(grey);
    } catch (EOFException e) {
      throw unusable("is cut off: it announces %d pictures and has %d".formatted(count, taken));
    }
    taken++;
    digest.update(grey);
    byte[] rgb = new byte[3 * grey.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = grey[i / 3];
    }
    return rgb;
  }

  /** SHA-256 of the pictures taken so far. */
  byte[] hash() {
    return digest.digest();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
