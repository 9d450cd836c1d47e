package spikemlp.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The entries of a zip archive, bounded in number, in bytes and in how far they unpack. An archive
 * with an entry that names a path outside is refused whole, although nothing is written to disk.
 */
record ZipTree(Path path, List<String> files, List<String> folders, ZipFile zip)
    implements FileTree {

  /** The most bytes that all entries together may unpack to. */
  static final long MAX_BYTES = 256L << 30;

  /** How many times its packed size an entry of more than a megabyte may have. */
  static final long MAX_RATIO = 200;

  private static final long RATIO_CHECKED_FROM = 1 << 20;

  static ZipTree open(Path path) throws IOException {
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile());
    } catch (ZipException e) {
      throw new UnusableDataSetException(
          path + " is not a whole zip archive (" + e.getMessage() + "); copy or pack it again", e);
    }
    try {
      return listed(path, zip);
    } catch (RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static ZipTree listed(Path path, ZipFile zip) {
    if (zip.size() > MAX_FILES) {
      throw new UnusableDataSetException(
          "%s has %d entries; at most %d are read".formatted(path, zip.size(), MAX_FILES));
    }
    List<String> files = new ArrayList<>();
    Set<String> folders = new HashSet<>();
    long total = 0;
    for (Iterator<? extends ZipEntry> entries = zip.entries().asIterator(); entries.hasNext(); ) {
      ZipEntry entry = entries.next();
      List<String> parts = parts(path, entry.getName());
      if (parts.stream().anyMatch(FileTree::ignored)) {
        continue;
      }
      for (int depth = 1; depth < parts.size(); depth++) {
        folders.add(String.join("/", parts.subList(0, depth)));
      }
      if (entry.isDirectory()) {
        folders.add(String.join("/", parts));
        continue;
      }
      total += checkedSize(path, entry);
      if (total > MAX_BYTES) {
        throw new UnusableDataSetException(
            path + " unpacks to more than " + (MAX_BYTES >> 30) + " GiB, the most that is read");
      }
      files.add(entry.getName());
    }
    Collections.sort(files);
    return new ZipTree(path, files, folders.stream().sorted().toList(), zip);
  }

  private static List<String> parts(Path path, String name) {
    List<String> parts = Arrays.asList(name.split("/"));
    boolean outside =
        name.isEmpty()
            || name.startsWith("/")
            || name.indexOf('\\') >= 0
            || name.indexOf('\0') >= 0
            || name.matches("[A-Za-z]:.*")
            || parts.stream()
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (outside) {
      throw new UnusableDataSetException(
          "%s has an entry '%s', which is no plain path below the archive; pack it again from the folder that holds the classes"
              .formatted(path, name));
    }
    return parts;
  }

  private static long checkedSize(Path path, ZipEntry entry) {
    long size = entry.getSize();
    long packed = entry.getCompressedSize();
    if (size < 0 || packed < 0) {
      throw new UnusableDataSetException(
          "%s does not say how large its entry '%s' is; pack it again"
              .formatted(path, entry.getName()));
    }
    if (size > RATIO_CHECKED_FROM && size > MAX_RATIO * packed) {
      throw new UnusableDataSetException(
          "%s: entry '%s' unpacks from %d to %d bytes; more than %d-fold is refused"
              .formatted(path, entry.getName(), packed, size, MAX_RATIO));
    }
    return size;
  }

  @Override
  public long size(String file) throws IOException {
    return entry(file).getSize();
  }

  @Override
  public InputStream stream(String file) throws IOException {
    ZipEntry entry = entry(file);
    return new BoundedStream(zip.getInputStream(entry), entry.getSize());
  }

  private ZipEntry entry(String file) throws IOException {
    ZipEntry entry = zip.getEntry(file);
    if (entry == null) {
      throw new IOException("'" + file + "' is no longer in the archive");
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
