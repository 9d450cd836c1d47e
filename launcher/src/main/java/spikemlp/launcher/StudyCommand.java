package spikemlp.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spikemlp.contract.study.StudyRequest;
import spikemlp.contract.study.StudyView;
import spikemlp.trainer.study.ShippedStudies;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "study",
    description =
        "Starts everything and trains a grid of configurations with several seeds each; prints the"
            + " table and exits. The same command again goes on where it was left.")
final class StudyCommand implements Callable<Integer> {

  @Mixin private final HomeOptions common = new HomeOptions();
  @Mixin private final PlatformOptions options = new PlatformOptions();
  @Mixin private final StudyOptions study = new StudyOptions();

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A study that comes along.")
  private @Nullable String shipped;

  @Option(names = "--file", paramLabel = "FILE", description = "A study of your own, as JSON.")
  private @Nullable Path file;

  @Option(names = "--list", description = "List the studies that come along, and exit.")
  private boolean list;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the table as Markdown.")
  private @Nullable Path markdown;

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    Terminal terminal = SpikeMlp.terminal(spec);
    if (list) {
      List<StudyRequest> studies =
          ShippedStudies.names().stream().map(ShippedStudies::named).toList();
      studies.forEach(
          known -> terminal.line("  %-15s %s".formatted(known.name(), known.description())));
      common.write(studies);
      return 0;
    }
    if ((shipped == null) == (file == null)) {
      throw new ParameterException(
          spec.commandLine(),
          "name one study, "
              + String.join(", ", ShippedStudies.names())
              + ", or a file of your own with --file");
    }
    StudyRequest request =
        study.apply(shipped == null ? StudyOptions.read(file) : ShippedStudies.named(shipped));
    try (Session session =
        Session.start(terminal, common.home(), options.port(), StudyOptions.dataRoots(request))) {
      session.during(
          "The same command goes on with the study.", running -> run(running, request, terminal));
      return 0;
    }
  }

  private void run(Session session, StudyRequest request, Terminal terminal) {
    try (Api api = session.platform().api()) {
      StudyView submitted =
          api.post("/api/v1/studies", request, StudyView.class, "Idempotency-Key", key(request));
      int runs = submitted.cells().size() * request.seeds().size();
      terminal.line("");
      terminal.line(
          "Study %s (%s): %d cells × %d seeds = %d trainings"
              .formatted(
                  request.name(),
                  submitted.id(),
                  submitted.cells().size(),
                  request.seeds().size(),
                  runs));
      StudyView ended = new StudyFollower(api, terminal).follow(submitted.id());
      String table = api.text("/api/v1/studies/" + submitted.id() + "/table", "text/markdown");
      terminal.line("");
      table.lines().forEach(terminal::line);
      common.write(ended);
      if (markdown != null) {
        write(markdown, table);
      }
    }
  }

  private static void write(Path file, String table) {
    try {
      Path folder = file.toAbsolutePath().normalize().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(file, table);
    } catch (IOException e) {
      throw new LauncherException(
          "--markdown " + file + " cannot be written: " + Home.reason(e), e);
    }
  }

  /** The same for the same request, so that the same command finds its study again. */
  static String key(StudyRequest request) {
    try {
      byte[] bytes =
          JsonMapper.shared().writeValueAsString(request).getBytes(StandardCharsets.UTF_8);
      return "study-"
          + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
