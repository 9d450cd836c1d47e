package spikemlp.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The server process of one data directory, as {@code postmaster.pid} tells of it.
 *
 * @param data the data directory, a real path
 * @param pid the process
 * @param status PostgreSQL's own word, such as {@code ready}
 */
record Postmaster(Path data, long pid, String status) {

  static final String PID_FILE = "postmaster.pid";

  /** What the data directory's file says; empty if there is none or it says nothing yet. */
  static Optional<Postmaster> of(Path data) throws IOException {
    try {
      List<String> lines = Files.readAllLines(data.resolve(PID_FILE));
      if (lines.isEmpty() || lines.getFirst().isBlank()) {
        return Optional.empty();
      }
      String status = lines.size() < 8 ? "" : lines.get(7).strip();
      return Optional.of(new Postmaster(data, Long.parseLong(lines.getFirst().strip()), status));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (NumberFormatException e) {
      throw new PostgresException(
          data.resolve(PID_FILE) + " is damaged; delete it if no PostgreSQL runs on " + data, e);
    }
  }

  /**
   * Whether the process really is a PostgreSQL server of this very data directory, not a stranger
   * who got its number: its program is named postgres, and it was started with this directory or
   * works in it.
   */
  boolean runs() {
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      List<String> arguments =
          List.of(
              new String(Files.readAllBytes(process.resolve("cmdline")), StandardCharsets.UTF_8)
                  .split("\0"));
      if (!Path.of(arguments.getFirst()).endsWith("postgres")) {
        return false;
      }
      int option = arguments.indexOf("-D");
      if (option >= 0 && arguments.get(option + 1).equals(data.toString())) {
        return true;
      }
      return Files.readSymbolicLink(process.resolve("cwd")).equals(data);
    } catch (IOException | RuntimeException e) {
      return false; // gone, or not ours to look at, hence not ours
    }
  }
}
