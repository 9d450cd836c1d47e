package spikemlp.launcher;

import java.util.ArrayList;
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
import spikemlp.contract.classify.Classification;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.DataSetSpec;
import spikemlp.contract.job.NetworkSpec;
import spikemlp.contract.job.TrainingJob;
import spikemlp.contract.job.TrainingJobRequest;
import spikemlp.contract.job.TrainingSpec;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.data.DataSources;
import spikemlp.data.ImageDataSet;

@Command(
    name = "demo",
    description =
        "Starts everything, trains on digits drawn by code, registers the model, classifies"
            + " held-out digits and shows what they cost.")
final class DemoCommand implements Callable<Integer> {

  private static final String MODEL = "digits";
  private static final int EPOCHS = 2; // 40,000 digits: about 98 % of those never seen
  private static final int SHOWN = 10;
  private static final long UNSEEN_SEED = 20_261_123; // not the trainer's: digits nobody has seen

  @Mixin private final HomeOptions common = new HomeOptions();
  @Mixin private final PlatformOptions options = new PlatformOptions();

  @Option(names = "--exit", description = "Stop everything and exit when done.")
  private boolean exit;

  @Spec private @Nullable CommandSpec spec;

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() {
    Terminal terminal = SpikeMlp.terminal(spec);
    long begin = System.nanoTime();
    try (Session session = Session.start(terminal, common.home(), options.port(), List.of())) {
      session.during(
          "The same command goes on with the job.", running -> run(running, terminal, begin));
      if (!exit) {
        session.describe();
        session.stayUp();
      }
      return 0;
    }
  }

  private void run(Session session, Terminal terminal, long begin) {
    try (Api api = session.platform().api()) {
      Training training = new Training(api, terminal);
      TrainingJob job =
          training.run(
              new TrainingJobRequest(
                  MODEL,
                  DataSetSpec.digits(),
                  NetworkSpec.SMALL,
                  new TrainingSpec(EPOCHS, null, null, null, null, null, null, null, null, null)));
      ModelVersion version = training.promote(job);
      Map<String, Double> phases = RunReport.phases(session, job);
      long classifying = System.nanoTime();
      List<ClassifiedPicture> pictures = classify(api);
      phases.put("classify", (System.nanoTime() - classifying) / 1e9);
      phases.put("total", (System.nanoTime() - begin) / 1e9);
      terminal.line("");
      ClassifiedPicture.table(pictures).forEach(terminal::line);
      terminal.line("");
      summary(job, version, phases).forEach(terminal::line);
      common.write(
          RunReport.of(job, version, phases, pictures, session.platform().url().toString()));
    }
  }

  private static List<ClassifiedPicture> classify(Api api) {
    ImageDataSet digits =
        DataSources.digits(SHOWN, SHOWN, UNSEEN_SEED)
            .load(32, 32, InputSpec.Fit.COVER, UNSEEN_SEED)
            .test();
    List<ClassifiedPicture> pictures = new ArrayList<>();
    for (int i = 0; i < Math.min(SHOWN, digits.size()); i++) {
      Classification answer =
          api.post(
              "/api/v1/classify/" + MODEL + "@" + Training.CHAMPION + "?topK=3",
              "image/png",
              digits.png(i),
              Classification.class);
      pictures.add(
          new ClassifiedPicture("digit " + (i + 1), digits.labels().get(digits.label(i)), answer));
    }
    return pictures;
  }

  /** What was reached, in a few lines. */
  static List<String> summary(TrainingJob job, ModelVersion version, Map<String, Double> phases) {
    List<String> lines = new ArrayList<>();
    lines.add("  accuracy  " + Figures.percent(RunReport.accuracy(job)) + " on held-out images");
    lines.add(
        String.format(
            Locale.ROOT,
            "  proof     %s: %s agrees on %d of %d images, %d of %d spikes differ",
            version.proof().passed() ? "passed" : "FAILED",
            version.proof().runtime(),
            version.proof().argmaxAgreements(),
            version.proof().images(),
            version.proof().differingSpikes(),
            version.proof().spikes()));
    StringBuilder time = new StringBuilder("  time     ");
    phases.forEach((phase, seconds) ->
        time.append(' ').append(phase).append(' ').append(Figures.seconds(seconds)).append(','));
    lines.add(time.substring(0, time.length() - 1));
    return lines;
  }
}
