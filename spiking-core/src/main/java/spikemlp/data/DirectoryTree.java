package spikemlp.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The regular files below a directory. Symbolic links below it are not followed. */
record DirectoryTree(Path path, List<String> files, List<String> folders) implements FileTree {

  static DirectoryTree walk(Path root) throws IOException {
    List<String> files = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (folder.equals(root)) {
              return FileVisitResult.CONTINUE;
            }
            if (FileTree.ignored(folder.getFileName().toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            folders.add(name(root, folder));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !FileTree.ignored(file.getFileName().toString())) {
              if (files.size() == MAX_FILES) {
                throw new UnusableDataSetException(
                    root + " has more than " + MAX_FILES + " files, the most that are read");
              }
              files.add(name(root, file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(files);
    Collections.sort(folders);
    return new DirectoryTree(root, files, folders);
  }

  private static String name(Path root, Path below) {
    return root.relativize(below).toString().replace(below.getFileSystem().getSeparator(), "/");
  }

  @Override
  public long size(String file) throws IOException {
    return Files.size(path.resolve(file));
  }

  @Override
  public InputStream stream(String file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(path.resolve(file)), 1 << 16);
  }

  @Override
  public byte[] read(String file) throws IOException {
    Path there = path.resolve(file);
    if (Files.size(there) > MAX_PICTURE_BYTES) {
      throw new IOException("it has more than " + (MAX_PICTURE_BYTES >> 20) + " MiB");
    }
    return Files.readAllBytes(there);
  }

  @Override
  public void close() {}
}
