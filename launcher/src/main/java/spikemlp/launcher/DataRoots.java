package spikemlp.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folders and files that a home's jobs may train on. The home remembers them: a job that goes
 * on after a restart needs its own again, whichever command started it.
 */
final class DataRoots {

  private DataRoots() {}

  /**
   * Remembers some more.
   *
   * @param file where the home keeps them, a JSON array of paths
   * @return all of them that are there now
   */
  static List<Path> with(Path file, List<Path> more) throws IOException {
    Set<Path> all = new LinkedHashSet<>(remembered(file));
    if (all.addAll(more)) {
      Path beside = file.resolveSibling(file.getFileName() + ".new");
      Files.write(
          beside, JsonMapper.shared().writeValueAsBytes(all.stream().map(Path::toString).toList()));
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return all.stream().filter(Files::isReadable).toList();
  }

  private static List<Path> remembered(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      JsonNode paths = JsonMapper.shared().readTree(Files.readAllBytes(file));
      if (paths.isArray() && paths.valueStream().allMatch(JsonNode::isString)) {
        return paths.valueStream().map(path -> Path.of(path.asString())).toList();
      }
    } catch (JacksonException | InvalidPathException e) {
      throw unreadable(file, e);
    }
    throw unreadable(file, null);
  }

  private static LauncherException unreadable(Path file, @Nullable Exception cause) {
    return new LauncherException(
        file + " is not a JSON array of paths; mend it, or remove it to forget them", cause);
  }
}
