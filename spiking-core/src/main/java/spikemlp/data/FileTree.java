package spikemlp.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Files below a directory or in a zip archive, named by their path with '/' between the parts.
 * Hidden files, and what macOS and Windows add of their own, are left out. Nothing is ever unpacked
 * to disk. Thread-safe.
 */
sealed interface FileTree extends Closeable permits DirectoryTree, ZipTree {

  /** The most files a tree may have. */
  int MAX_FILES = 5_000_000;

  /** The largest picture file that is read. */
  int MAX_PICTURE_BYTES = 64 << 20;

  /**
   * Opens a directory or a zip archive.
   *
   * @throws UnusableDataSetException if the path is neither
   */
  static FileTree open(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return DirectoryTree.walk(path);
    }
    if (!Files.exists(path)) {
      throw new UnusableDataSetException(
          "there is nothing at " + path + "; give the path of a directory or a zip archive");
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] first = in.readNBytes(4);
      if (Arrays.equals(first, new byte[] {'P', 'K', 3, 4})
          || Arrays.equals(first, new byte[] {'P', 'K', 5, 6})) {
        return ZipTree.open(path);
      }
    }
    throw new UnusableDataSetException(
        path
            + " is neither a directory nor a zip archive; unpack a .tar.gz first, and for single"
            + " files give the directory they lie in");
  }

  /** Where it is. */
  Path path();

  /** The files' names, sorted by code unit. */
  List<String> files();

  /** The folders' names, empty ones too, sorted by code unit. */
  List<String> folders();

  /** A file's length in bytes, unpacked. */
  long size(String file) throws IOException;

  /** A file's bytes; they are bounded, whatever the archive says. */
  InputStream stream(String file) throws IOException;

  /** A picture file's bytes, at most {@link #MAX_PICTURE_BYTES}. */
  default byte[] read(String file) throws IOException {
    try (InputStream in = stream(file)) {
      byte[] bytes = in.readNBytes(MAX_PICTURE_BYTES + 1);
      if (bytes.length > MAX_PICTURE_BYTES) {
        throw new IOException("it has more than " + (MAX_PICTURE_BYTES >> 20) + " MiB");
      }
      return bytes;
    }
  }

  /** Whether the last part of a name is a file or folder that people did not put there. */
  static boolean ignored(String part) {
    return part.startsWith(".")
        || part.equals("__MACOSX")
        || part.toLowerCase(Locale.ROOT).equals("thumbs.db")
        || part.toLowerCase(Locale.ROOT).equals("desktop.ini");
  }
}
