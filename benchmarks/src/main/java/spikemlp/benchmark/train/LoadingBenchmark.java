package spikemlp.benchmark.train;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spikemlp.benchmark.Machine;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.data.DataSources;
import spikemlp.data.DataSplit;
import spikemlp.data.ImageDataSet;
import spikemlp.kernel.Workers;
import spikemlp.network.Backpropagation;
import spikemlp.network.Objective;
import spikemlp.network.SpikingMlp;
import spikemlp.training.TrainingBatches;
import spikemlp.training.TrainingRun;

@Command(
    name = "loading",
    description =
        "Times how a mini-batch is made by each augmentation, beside a training step of the small"
            + " network, and how JPEG files are loaded.",
    footer = "Nothing else should run on the machine meanwhile.")
final class LoadingBenchmark implements Callable<Integer> {

  private static final int SIDE = 32;
  private static final int CLASSES = 10;
  private static final int BATCH = Workload.SMALL.batch();
  private static final int BATCHES_A_ROUND = 50;
  private static final int PICTURES = 2000;
  private static final long SEED = 20_260_101;
  private static final List<String> RECIPES =
      List.of("none", "crop-and-flip", "simple", "strong", "strong-small");
  private static final InputSpec INPUT =
      new InputSpec(
          SIDE, SIDE, InputSpec.Fit.COVER, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli acts on it
  private boolean help;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the result there.")
  private @Nullable Path json;

  @Option(names = "--quick", description = "Fewer rounds: rough figures.")
  private boolean quick;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "50000",
      description = "Training images in memory (default: ${DEFAULT-VALUE}).")
  private int images;

  @Spec private @Nullable CommandSpec spec;

  /** Something to time. */
  private interface Task {
    void run() throws IOException;
  }

  @Override
  @SuppressWarnings("NullAway") // picocli has set spec
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Machine machine = Machine.here();
    ImageDataSet pictures = randomImages();
    Rounds steps = steps();
    List<LoadingReport.Recipe> recipes = new ArrayList<>();
    for (String name : RECIPES) {
      TrainingPlan plan = plan(Augmentation.recipe(name));
      recipes.add(
          LoadingReport.Recipe.of(name, batches(pictures, plan), steps, trained(pictures, plan)));
    }
    Rounds loads = loads();
    LoadingReport report =
        LoadingReport.of(
            machine, quick, images, BATCH, steps, Workers.ALL.threads(), recipes, PICTURES, loads);
    report.lines().forEach(out::println);
    out.flush();
    if (json != null) {
      report.write(json);
    }
    return 0;
  }

  /** The milliseconds of each run after as many that warm up. */
  private static Rounds time(int warmUp, int rounds, Task task) throws IOException {
    List<Double> milliseconds = new ArrayList<>();
    for (int i = 0; i < warmUp + rounds; i++) {
      long begun = System.nanoTime();
      task.run();
      if (i >= warmUp) {
        milliseconds.add((System.nanoTime() - begun) / 1e6);
      }
    }
    return new Rounds(milliseconds);
  }

  private int rounds() {
    return quick ? 5 : 15;
  }

  private static TrainingPlan plan(Augmentation augmentation) {
    return new TrainingPlan(100, BATCH, 0.1, 0.9, 0, Loss.MEAN, 0, augmentation, SEED);
  }

  /** What a step takes where its batch is prepared during the steps before. */
  private Rounds trained(ImageDataSet pictures, TrainingPlan plan) throws IOException {
    try (TrainingRun run = TrainingRun.start(Workload.SMALL.network(), plan, pictures, INPUT)) {
      return time(rounds(), rounds(), () -> run.train(1));
    }
  }

  private Rounds batches(ImageDataSet pictures, TrainingPlan plan) throws IOException {
    TrainingBatches batches = new TrainingBatches(pictures, plan, INPUT);
    long[] next = new long[1];
    float[][] last = new float[1][];
    Rounds rounds =
        time(
            rounds(),
            rounds(),
            () -> {
              for (int i = 0; i < BATCHES_A_ROUND; i++) {
                last[0] = batches.inputs(next[0]++);
              }
            });
    if (last[0].length != BATCH * 3 * SIDE * SIDE) {
      throw new IllegalStateException("a batch has " + last[0].length + " numbers");
    }
    return new Rounds(rounds.milliseconds().stream().map(all -> all / BATCHES_A_ROUND).toList());
  }

  private ImageDataSet randomImages() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] rgb = new byte[Math.multiplyExact(images, 3 * SIDE * SIDE)];
    random.nextBytes(rgb);
    int[] classes = new int[images];
    for (int i = 0; i < images; i++) {
      classes[i] = i % CLASSES;
    }
    List<String> labels = DataSources.digits(CLASSES, CLASSES, SEED).labels();
    return ImageDataSet.of(SIDE, SIDE, labels, classes, rgb);
  }

  private Rounds steps() throws IOException {
    Batch batch = Batch.random(Workload.SMALL.network(), BATCH, SEED);
    Objective objective = new Objective(Loss.MEAN, 0, Workload.SMALL.network().threshold());
    try (SpikingMlp network = SpikingMlp.create(Workload.SMALL.network(), SEED);
        Backpropagation pass = new Backpropagation(network, BATCH)) {
      pass.images().setAll(batch.images(), 0);
      return time(
          quick ? Effort.QUICK.warmUp() : Effort.FULL.warmUp(),
          rounds(),
          () -> {
            double[][][] logits = pass.forward();
            pass.backward(objective.evaluate(logits, batch.labels()).dLogits());
            pass.descend(TrainingPeer.LEARNING_RATE, TrainingPeer.MOMENTUM, 0);
          });
    }
  }

  private Rounds loads() throws IOException {
    try (TemporaryDirectory directory = TemporaryDirectory.create()) {
      writePictures(directory.path());
      return time(
          2,
          quick ? 3 : 7,
          () -> {
            DataSplit split =
                DataSources.open(directory.path()).load(SIDE, SIDE, InputSpec.Fit.COVER, SEED);
            int loaded = split.train().size() + split.test().size();
            if (loaded != PICTURES) {
              throw new IllegalStateException("%d pictures were loaded".formatted(loaded));
            }
          });
    }
  }

  /** Drawn digits as JPEG files, a folder for each. */
  private static void writePictures(Path directory) throws IOException {
    ImageDataSet digits =
        DataSources.digits(PICTURES, CLASSES, SEED)
            .load(SIDE, SIDE, InputSpec.Fit.COVER, SEED)
            .train();
    byte[] rgb = new byte[3 * SIDE * SIDE];
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < digits.size(); i++) {
      digits.pixels(i, rgb, 0);
      for (int p = 0; p < SIDE * SIDE; p++) {
        int colour =
            (rgb[3 * p] & 0xff) << 16 | (rgb[3 * p + 1] & 0xff) << 8 | (rgb[3 * p + 2] & 0xff);
        picture.setRGB(p % SIDE, p / SIDE, colour);
      }
      Path folder =
          Files.createDirectories(directory.resolve(digits.labels().get(digits.label(i))));
      if (!ImageIO.write(picture, "jpg", folder.resolve(i + ".jpg").toFile())) {
        throw new IllegalStateException("this Java writes no JPEG");
      }
    }
  }
}
