package spikemlp.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * Where a platform keeps everything: keys, databases, artifacts, logs. One running platform has it
 * at a time.
 *
 * @param root absolute
 */
record Home(Path root) {

  Home {
    root = root.toAbsolutePath().normalize();
  }

  /** The option's value, else {@code SPIKEMLP_HOME}, else {@code .spikemlp} where one is. */
  static Home of(Optional<Path> chosen) {
    return new Home(
        chosen.orElseGet(() ->
            Path.of(
                Optional.ofNullable(System.getenv("SPIKEMLP_HOME"))
                    .filter(home -> !home.isBlank())
                    .orElse(".spikemlp"))));
  }

  Path keys() {
    return root.resolve("keys");
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path artifacts() {
    return root.resolve("artifacts");
  }

  Path work() {
    return root.resolve("work");
  }

  Path cache() {
    return root.resolve("cache");
  }

  /** What jobs may train on. */
  Path dataRoots() {
    return root.resolve("data-roots.json");
  }

  Path logFile() {
    return root.resolve("logs").resolve("spikemlp.log");
  }

  private Path lockFile() {
    return root.resolve("lock");
  }

  /** Where the platform that has this home answers; empty if none runs. */
  Optional<String> runningUrl() {
    try (FileChannel channel = FileChannel.open(lockFile(), StandardOpenOption.WRITE)) {
      try (var lock = channel.tryLock()) {
        if (lock != null) {
          return Optional.empty();
        }
      }
      return Files.readAllLines(lockFile()).stream().skip(1).findFirst();
    } catch (OverlappingFileLockException e) {
      return Optional.empty(); // this very process has it
    } catch (IOException e) {
      return Optional.empty(); // nothing has ever run here
    }
  }

  /**
   * Takes the home for this process.
   *
   * @throws LauncherException if another has it or it cannot be written
   */
  Lock lock() {
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
      FileChannel channel =
          FileChannel.open(lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!taken(channel)) {
        channel.close();
        List<String> holder = Files.readAllLines(lockFile());
        throw new LauncherException(
            "the home "
                + root
                + " is in use by a running SpikeMLP (process "
                + String.join(", ", holder)
                + "); stop that one, or choose another home with --home");
      }
      return new Lock(channel);
    } catch (IOException e) {
      throw new LauncherException(
          "the home "
              + root
              + " cannot be used: "
              + reason(e)
              + "; it must be on a disk that is writable and not full, or choose another with"
              + " --home",
          e);
    }
  }

  private static boolean taken(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very process has it
    }
  }

  static String reason(IOException e) {
    String kind = e.getClass().getSimpleName().replaceFirst("Exception$", "");
    return e.getMessage() == null ? kind : kind + " " + e.getMessage();
  }

  /** The home, taken until closed or until the process dies. */
  record Lock(FileChannel channel) implements AutoCloseable {

    /** Notes who has the home, for those who find it taken. */
    void announce(String url) throws IOException {
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              (ProcessHandle.current().pid() + "\n" + url).getBytes(StandardCharsets.UTF_8)),
          0);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new LauncherException("the home's lock could not be released: " + reason(e), e);
      }
    }
  }
}
