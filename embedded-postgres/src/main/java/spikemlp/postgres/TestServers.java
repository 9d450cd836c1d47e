package spikemlp.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The embedded server that the tests of one Java process share: without fsync, in a folder of its
 * own below {@code target}, gone when the process ends. Folders and servers that killed processes
 * left are removed first.
 */
final class TestServers {

  private TestServers() {}

  static EmbeddedPostgres start() {
    Path target = Path.of("target");
    Path root =
        (Files.isDirectory(target) ? target : Path.of(System.getProperty("java.io.tmpdir")))
            .resolve("test-postgres")
            .toAbsolutePath();
    try {
      Path servers = Files.createDirectories(root.resolve("servers"));
      removeLeftOvers(servers, root.resolve("binaries"));
      Path own = servers.resolve(Long.toString(ProcessHandle.current().pid()));
      EmbeddedPostgres server =
          EmbeddedPostgres.start(own, root.resolve("binaries"), false, line -> {});
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    server.close();
                    remove(own);
                  },
                  "test-postgres-stop"));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeLeftOvers(Path servers, Path binaries) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(servers)) {
      for (Path folder : folders) {
        String pid = folder.getFileName().toString();
        if (pid.matches("[0-9]+") && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
          if (Files.exists(folder.resolve("data").resolve(Postmaster.PID_FILE))) {
            EmbeddedPostgres.start(folder, binaries, false, line -> {}).close();
          }
          Directories.delete(folder);
        }
      }
    }
  }

  private static void remove(Path folder) {
    try {
      Directories.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
