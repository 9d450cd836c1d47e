package spikemlp.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's programs, unpacked once per version from the class path.
 *
 * @param home the folder that holds {@code bin}, {@code lib} and {@code share}
 * @param version such as {@code 18.6.0}
 */
record PostgresBinaries(Path home, String version) {

  private static final long SPACE_NEEDED = 100L << 20;
  private static final Object IN_THIS_JVM = new Object();

  /** The programs below {@code folder}, unpacked if they are not there yet. */
  static PostgresBinaries in(Path folder) throws IOException {
    String version = packedVersion();
    Path home = folder.resolve(version);
    if (!Files.isDirectory(home)) {
      Files.createDirectories(folder);
      synchronized (IN_THIS_JVM) { // file locks exclude other processes only
        try (FileChannel channel =
                FileChannel.open(
                    folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.lock()) {
          if (lock.isValid() && !Files.isDirectory(home)) {
            unpack(folder, home);
          }
        }
      }
    }
    return new PostgresBinaries(home.toRealPath(), version);
  }

  private static String packedVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = PostgresBinaries.class.getResourceAsStream("binaries.properties")) {
      if (in == null) {
        throw new IOException("binaries.properties is missing from the class path");
      }
      properties.load(in);
    }
    return properties.getProperty("version");
  }

  /** The major version, which a data directory must have too. */
  String major() {
    return version.substring(0, version.indexOf('.'));
  }

  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  private static void unpack(Path folder, Path home) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (free < SPACE_NEEDED) {
      throw new PostgresException(
          "PostgreSQL needs "
              + (SPACE_NEEDED >> 20)
              + " MB to begin with, "
              + folder
              + " has "
              + (free >> 20)
              + " MB left; free some space or choose another folder");
    }
    String resource = resource();
    Path temporary = folder.resolve(".unpacking-" + UUID.randomUUID());
    try (InputStream packed = PostgresBinaries.class.getResourceAsStream(resource)) {
      if (packed == null) {
        throw new PostgresException(
            "there are no PostgreSQL binaries for this system ("
                + resource
                + " is not on the class path): Linux on x86-64 has them; elsewhere give the"
                + " services a PostgreSQL of your own");
      }
      extract(new BufferedInputStream(packed), temporary);
      Files.move(temporary, home, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Directories.delete(temporary);
    }
  }

  private static String resource() {
    String arch =
        switch (System.getProperty("os.arch")) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "arm_64";
          default -> System.getProperty("os.arch");
        };
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).replace(' ', '-');
    return "/postgres-" + os + "-" + arch + ".txz";
  }

  private static void extract(InputStream packed, Path target) throws IOException {
    Files.createDirectories(target);
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the archive's entry " + entry.getName() + " leaves the folder");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.resolve("..").normalize());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          Files.setPosixFilePermissions(
              path,
              PosixFilePermissions.fromString(
                  (entry.getMode() & 0111) == 0 ? "rw-r--r--" : "rwxr-xr-x"));
        }
      }
    }
  }
}
