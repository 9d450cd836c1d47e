package spikemlp.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.registry.ModelReference;
import spikemlp.contract.registry.ModelVersion;

@Command(
    name = "train",
    description = "Starts everything and trains on your images; then stays up until Ctrl-C.")
final class TrainCommand implements Callable<Integer> {

  @Mixin private final HomeOptions common = new HomeOptions();
  @Mixin private final PlatformOptions options = new PlatformOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();
  @Mixin private final TrainingOptions training = new TrainingOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "PATH",
      description =
          "A folder or zip with a folder of pictures per class, a CIFAR-10/100 binary or an MNIST"
              + " IDX directory.")
  private Path data = Path.of("");

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The registered model's name (the data's).")
  private @Nullable String name;

  @Mixin private final StartOptions start = new StartOptions();

  @Option(names = "--exit", description = "Stop everything and exit when done.")
  private boolean exit;

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    Path path = UpCommand.existing(data);
    TrainingJobRequest request =
        new TrainingJobRequest(
            name == null ? nameOf(path) : name,
            DataSetSpec.at(path.toString()),
            network.spec(),
            training.spec(),
            start.spec());
    Terminal terminal = SpikeMlp.terminal(spec);
    long begin = System.nanoTime();
    try (Session session = Session.start(terminal, common.home(), options.port(), List.of(path))) {
      session.during(
          "The same command goes on with the job.",
          running -> run(running, request, terminal, begin));
      if (!exit) {
        session.describe();
        session.stayUp();
      }
      return 0;
    }
  }

  private void run(Session session, TrainingJobRequest request, Terminal terminal, long begin) {
    try (Api api = session.platform().api()) {
      Training run = new Training(api, terminal);
      TrainingJob job = run.run(request);
      ModelVersion version = run.promote(job);
      Map<String, Double> phases = RunReport.phases(session, job);
      phases.put("total", (System.nanoTime() - begin) / 1e9);
      terminal.line("");
      DemoCommand.summary(job, version, phases).forEach(terminal::line);
      common.write(
          RunReport.of(job, version, phases, List.of(), session.platform().url().toString()));
    }
  }

  /** The data's file name as a model's: lower case, without {@code .zip}. */
  static String nameOf(Path path) {
    Path last = path.getFileName();
    String plain =
        (last == null ? "" : last.toString())
            .replaceFirst("(?i)\\.zip$", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9._-]+", "-")
            .replaceFirst("^[._-]+", "");
    String bounded = plain.substring(0, Math.min(64, plain.length()));
    return ModelReference.isName(bounded) ? bounded : "model";
  }
}
