package spikemlp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.StartMode;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.LearningRateSchedule;
import spikemlp.contract.job.Optimisation;
import spikemlp.contract.job.Optimizer;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.data.DataSources;
import spikemlp.data.DataSplit;
import spikemlp.data.ImageDataSet;
import spikemlp.layer.Parameters;

/** A network of the digits 0 to 4, gone on with at another T and with the digits 5 to 9. */
final class StartFromTest {

  private static final int SIDE = 32;
  private static final NetworkConfig NETWORK =
      NetworkConfig.of(SIDE, SIDE, 4, 24, List.of(1, 1), 5).withTimeSteps(2);

  @TempDir static Path directory;
  private static DataSplit digits;
  private static ImageDataSet low;
  private static InputSpec input;
  private static Path trained;

  @BeforeAll
  static void train() {
    digits = DataSources.digits(6000, 1000, 1).load(SIDE, SIDE, InputSpec.Fit.COVER, 1);
    low = of(digits.train(), 0);
    input = low.inputSpec(InputSpec.Fit.COVER);
    trained = directory.resolve("trained.safetensors");
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(5, 1), low, input)) {
      run.train(Integer.MAX_VALUE);
      run.save(trained);
    }
  }

  @Test
  void atAnotherTimeStepsARunBeginsWithExactlyTheWeightsAndStatisticsAndNoMomentum() {
    NetworkConfig longer = NETWORK.withTimeSteps(4);
    try (TrainingRun run =
        TrainingRun.startFrom(trained, StartMode.INHERIT, longer, plan(1, 7), low, input)) {
      assertThat(run.batchesDone()).isZero();
      assertThat(run.network().config().timeSteps()).isEqualTo(4);
      SafetensorsFile file = Safetensors.read(trained);
      Map<String, WeightTensor> weights = run.network().weights();
      assertThat(weights).containsKey("head.token_fc.bn.running_var");
      weights.forEach((name, tensor) ->
          assertThat(tensor.values()).as(name).containsExactly(file.floats(name).values()));
      Parameters parameters = run.network().parameters();
      assertThat(parameters.byName().values().stream().filter(p -> p.trainable()))
          .allSatisfy(p ->
              assertThat(parameters.read(p, parameters.momenta())).as(p.name()).containsOnly(0));
      run.train(1);
      assertThat(run.network().weights().get("head.classifier.weight").values())
          .isNotEqualTo(weights.get("head.classifier.weight").values());
    }
  }

  @Test
  void theMovingAverageIsTakenWhereThereIsOneAndFollowedOn(@TempDir Path directory) {
    TrainingPlan averaged =
        plan(1, 5)
            .withOptimisation(
                new Optimisation(Optimizer.SGD, LearningRateSchedule.COSINE, 0, 0, 0.9));
    Path checkpoint = directory.resolve("averaged.safetensors");
    Map<String, WeightTensor> tested;
    try (TrainingRun run = TrainingRun.start(NETWORK, averaged, low, input)) {
      run.train(Integer.MAX_VALUE);
      run.save(checkpoint);
      tested = run.network().weights();
    }
    assertThat(Safetensors.read(checkpoint).floats("head.classifier.weight").values())
        .isNotEqualTo(tested.get("head.classifier.weight").values());
    for (TrainingPlan plan : List.of(plan(1, 7), averaged)) {
      try (TrainingRun run =
          TrainingRun.startFrom(checkpoint, StartMode.INHERIT, NETWORK, plan, low, input)) {
        run.network()
            .weights()
            .forEach((name, tensor) ->
                assertThat(tensor.values()).as(name).containsExactly(tested.get(name).values()));
      }
    }
  }

  @Test
  void fineTuningReplacesTheClassifierAlone() {
    NetworkConfig three = classes(3);
    ImageDataSet images = threeDigits();
    Map<String, WeightTensor> scratch;
    try (TrainingRun run = TrainingRun.start(three, plan(1, 7), images, input)) {
      scratch = run.network().weights();
    }
    try (TrainingRun run =
        TrainingRun.startFrom(trained, StartMode.FINE_TUNE, three, plan(1, 7), images, input)) {
      SafetensorsFile file = Safetensors.read(trained);
      TreeSet<String> fresh = new TreeSet<>();
      run.network()
          .weights()
          .forEach((name, tensor) -> {
            if (name.startsWith("head.classifier.")) {
              fresh.add(name);
              assertThat(tensor.values()).containsExactly(scratch.get(name).values());
            } else {
              assertThat(tensor.values()).as(name).containsExactly(file.floats(name).values());
            }
          });
      assertThat(fresh).containsExactly("head.classifier.bias", "head.classifier.weight");
    }
  }

  @Test
  void aRunFromAVersionSavedAndResumedEndsWithTheSameBits() {
    Path checkpoint = directory.resolve("between.safetensors");
    Map<String, WeightTensor> undisturbed;
    try (TrainingRun run = inherit(trained)) {
      run.train(12);
      undisturbed = run.network().weights();
    }
    try (TrainingRun run = inherit(trained)) {
      run.train(5);
      run.save(checkpoint);
    }
    try (TrainingRun run = TrainingRun.resume(checkpoint, low)) {
      run.train(7);
      run.network()
          .weights()
          .forEach((name, tensor) ->
              assertThat(tensor.values()).as(name).containsExactly(undisturbed.get(name).values()));
    }
  }

  @Test
  void weightsThatDoNotFitAreAllNamed() {
    Path damaged = directory.resolve("damaged.safetensors");
    rewrite(
        damaged,
        tensors -> {
          tensors.remove("head.classifier.bias");
          tensors.put("head.token_fc.fc.weight", new WeightTensor(new int[] {1, 2}, new float[2]));
          tensors.get("stages.0.patch.conv.weight").values()[3] = Float.NaN;
        });
    assertThatThrownBy(() -> inherit(damaged))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll(
            damaged.toString(),
            "head.classifier.bias is missing",
            "head.token_fc.fc.weight should have shape [16, 16], not [1, 2]",
            "stages.0.patch.conv.weight holds NaN at [0, 0, 0, 3]");
    assertThatThrownBy(() ->
            TrainingRun.startFrom(
                trained, StartMode.INHERIT, classes(3), plan(1, 7), threeDigits(), input))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("head.classifier.weight should have shape [3, 48], not [5, 48]");
  }

  @Test
  void aFineTunedNetworkBeatsOneFromScratchAtEqualEpochs() {
    ImageDataSet few = subset(digits.train(), List.of(5, 6, 7, 8, 9), 1500);
    ImageDataSet test = of(digits.test(), 5);
    TrainingPlan plan = plan(4, 3);
    double scratch;
    try (TrainingRun run =
        TrainingRun.start(NETWORK, plan, few, few.inputSpec(InputSpec.Fit.COVER))) {
      run.train(Integer.MAX_VALUE);
      scratch = Evaluation.of(run.network(), test, run.input(), 50).accuracy();
    }
    try (TrainingRun run =
        TrainingRun.startFrom(trained, StartMode.FINE_TUNE, NETWORK, plan, few, input)) {
      run.train(Integer.MAX_VALUE);
      double tuned = Evaluation.of(run.network(), test, run.input(), 50).accuracy();
      assertThat(tuned).as("against %s from scratch", scratch).isGreaterThan(scratch + 0.05);
    }
  }

  private static TrainingRun inherit(Path weights) {
    return TrainingRun.startFrom(
        weights, StartMode.INHERIT, NETWORK.withTimeSteps(4), plan(1, 7), low, input);
  }

  private static TrainingPlan plan(int epochs, long seed) {
    return new TrainingPlan(
        epochs, 32, 0.1, 0.9, 0, Loss.MEAN, 0.05, new Augmentation(1, false), seed);
  }

  private static NetworkConfig classes(int count) {
    return NetworkConfig.of(SIDE, SIDE, 4, 24, List.of(1, 1), count).withTimeSteps(2);
  }

  private static ImageDataSet threeDigits() {
    return subset(digits.train(), List.of(7, 8, 9), 300);
  }

  /** Five digits from {@code first} on. */
  private static ImageDataSet of(ImageDataSet all, int first) {
    return subset(all, IntStream.range(first, first + 5).boxed().toList(), all.size());
  }

  /** The first pictures of those digits. */
  private static ImageDataSet subset(ImageDataSet all, List<Integer> kept, int most) {
    int[] chosen =
        IntStream.range(0, all.size())
            .filter(i -> kept.contains(all.label(i)))
            .limit(most)
            .toArray();
    int length = 3 * SIDE * SIDE;
    byte[] rgb = new byte[chosen.length * length];
    int[] classes = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      all.pixels(chosen[i], rgb, i * length);
      classes[i] = kept.indexOf(all.label(chosen[i]));
    }
    return ImageDataSet.of(
        SIDE, SIDE, kept.stream().map(digit -> all.labels().get(digit)).toList(), classes, rgb);
  }

  private static void rewrite(Path target, Consumer<Map<String, WeightTensor>> change) {
    SafetensorsFile file = Safetensors.read(trained);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    file.tensors().keySet().forEach(name -> tensors.put(name, file.floats(name)));
    change.accept(tensors);
    Safetensors.write(target, file.metadata(), tensors);
  }
}
