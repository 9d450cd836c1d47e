package spikemlp.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes reports for scripts. */
final class JsonFile {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private JsonFile() {}

  static void write(Path file, Object report) {
    try {
      Path folder = file.toAbsolutePath().normalize().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, JSON.writeValueAsString(report) + "\n");
    } catch (IOException e) {
      throw new LauncherException("--json " + file + " cannot be written: " + Home.reason(e), e);
    }
  }
}
