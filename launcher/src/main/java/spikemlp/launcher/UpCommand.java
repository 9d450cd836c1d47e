package spikemlp.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "up",
    description = "Starts PostgreSQL, the services and the page, and stays up until Ctrl-C.")
final class UpCommand implements Callable<Integer> {

  @Mixin private final HomeOptions common = new HomeOptions();
  @Mixin private final PlatformOptions options = new PlatformOptions();

  @Option(
      names = "--data-root",
      paramLabel = "DIR",
      description =
          "A folder that jobs may train on; may be given several times. The home remembers it.")
  private final List<Path> dataRoots = new ArrayList<>();

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    List<Path> roots = dataRoots.stream().map(UpCommand::existing).toList();
    try (Session session =
        Session.start(SpikeMlp.terminal(spec), common.home(), options.port(), roots)) {
      session.describe();
      common.write(
          Map.of(
              "url", session.platform().url().toString(),
              "home", session.platform().home().root().toString(),
              "startSeconds", session.startSeconds()));
      session.stayUp();
      return 0;
    }
  }

  /** The path made real, if there is something. */
  static Path existing(Path path) {
    try {
      return path.toRealPath();
    } catch (java.io.IOException e) {
      throw new LauncherException("there is nothing readable at " + path.toAbsolutePath(), e);
    }
  }
}
