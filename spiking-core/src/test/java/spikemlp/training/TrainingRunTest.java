package spikemlp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.LearningRateSchedule;
import spikemlp.contract.job.LearningRateSchedule.Kind;
import spikemlp.contract.job.Optimisation;
import spikemlp.contract.job.Optimizer;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.data.ImageDataSet;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.network.SpikingMlp;

final class TrainingRunTest {

  private static final NetworkConfig NETWORK = NetworkConfig.of(8, 8, 2, 6, List.of(1, 1), 2);
  private static final InputSpec INPUT =
      new InputSpec(8, 8, InputSpec.Fit.COVER, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));

  @TempDir Path directory;

  /** Optimiser × schedule × moving average × clipping. */
  static Stream<Optimisation> optimisations() {
    return Arrays.stream(Optimizer.values())
        .flatMap(optimizer ->
            Stream.of(
                    LearningRateSchedule.COSINE,
                    new LearningRateSchedule(Kind.STEP, 0, List.of(1, 2), 0, 0.3),
                    new LearningRateSchedule(Kind.CONSTANT, 1.5, List.of(), 0, 0.1))
                .flatMap(schedule ->
                    Stream.of(0.0, 0.9)
                        .flatMap(decay ->
                            Stream.of(0.0, 0.05)
                                .map(clip ->
                                    new Optimisation(
                                        optimizer, schedule, clip, decay == 0 ? 0 : 0.1, decay)))));
  }

  @ParameterizedTest
  @MethodSource("optimisations")
  void aResumedRunEndsWithTheSameBits(Optimisation optimisation) {
    ImageDataSet images = stripes(23);
    TrainingPlan plan =
        new TrainingPlan(
            3, 5, 0.05, 0.9, 0.01, Loss.MEAN, 0.05, new Augmentation(1, true), 4, optimisation);
    Map<String, WeightTensor> undisturbed;
    Map<String, WeightTensor> average;
    try (TrainingRun run = TrainingRun.start(NETWORK, plan, images, INPUT)) {
      assertThat(run.batchesPerEpoch()).isEqualTo(5);
      assertThat(run.train(1000).batches()).isEqualTo(15);
      assertThat(run.done()).isTrue();
      undisturbed = run.learner().weights();
      average = run.network().weights();
    }
    for (int interruption : new int[] {1, 5, 8}) {
      Path checkpoint = directory.resolve("checkpoint-" + interruption + ".safetensors");
      try (TrainingRun run = TrainingRun.start(NETWORK, plan, images, INPUT)) {
        run.train(interruption);
        run.save(checkpoint);
        run.train(1);
      }
      try (TrainingRun run = TrainingRun.resume(checkpoint, images)) {
        assertThat(run.batchesDone()).isEqualTo(interruption);
        run.train(1000);
        assertSame(run.learner().weights(), undisturbed);
        assertSame(run.network().weights(), average);
      }
    }
  }

  private static void assertSame(
      Map<String, WeightTensor> actual, Map<String, WeightTensor> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, tensor) ->
        assertThat(tensor.values()).as(name).containsExactly(expected.get(name).values()));
  }

  @Test
  void everyPartOfAnOptimisationChangesTheWeights() {
    TrainingPlan simple = plan(2, 5, 0.05);
    List<Optimisation> others =
        List.of(
            Optimisation.SIMPLE,
            new Optimisation(Optimizer.ADAMW, LearningRateSchedule.COSINE, 0, 0, 0),
            new Optimisation(
                Optimizer.SGD,
                new LearningRateSchedule(Kind.CONSTANT, 0, List.of(), 0, 0.1),
                0,
                0,
                0),
            new Optimisation(Optimizer.SGD, LearningRateSchedule.COSINE, 0.05, 0, 0),
            new Optimisation(Optimizer.SGD, LearningRateSchedule.COSINE, 0, 0.1, 0),
            new Optimisation(Optimizer.SGD, LearningRateSchedule.COSINE, 0, 0, 0.9));
    List<float[]> weights = new ArrayList<>();
    for (Optimisation optimisation : others) {
      TrainingPlan plan = simple.withOptimisation(optimisation);
      try (TrainingRun run = TrainingRun.start(NETWORK, plan, stripes(23), INPUT)) {
        run.train(1000);
        float[] now = run.network().weights().get("head.classifier.weight").values();
        assertThat(weights).noneMatch(other -> Arrays.equals(other, now));
        weights.add(now);
      }
    }
  }

  @Test
  void theAverageFollowsWeightsAndStatistics() {
    Optimisation averaged = new Optimisation(Optimizer.SGD, LearningRateSchedule.COSINE, 0, 0, 0.5);
    TrainingPlan plan = plan(1, 4, 0.1).withOptimisation(averaged);
    for (String name : List.of("head.classifier.weight", "head.token_fc.bn.running_var")) {
      try (TrainingRun run = TrainingRun.start(NETWORK, plan, stripes(40), INPUT)) {
        float[] expected = run.learner().weights().get(name).values();
        for (int n = 1; n <= 10; n++) {
          run.train(1);
          double decay = Math.min(0.5, (n - 1.0) / (n + 8.0));
          float[] now = run.learner().weights().get(name).values();
          for (int i = 0; i < now.length; i++) {
            expected[i] = (float) (decay * expected[i] + (1 - decay) * now[i]);
          }
          float[] average = run.network().weights().get(name).values();
          assertThat(average).containsExactly(expected, Offset.offset(1e-6f));
          assertThat(Arrays.equals(average, now)).isEqualTo(n == 1);
        }
      }
    }
  }

  @Test
  void aCheckpointOfTheFirstFormatGoesOn() {
    ImageDataSet images = stripes(23);
    TrainingPlan plan = plan(3, 5, 0.1);
    Path checkpoint = directory.resolve("checkpoint.safetensors");
    Map<String, WeightTensor> undisturbed;
    try (TrainingRun run = TrainingRun.start(NETWORK, plan, images, INPUT)) {
      run.train(4);
      run.save(checkpoint);
      run.train(1000);
      undisturbed = run.network().weights();
    }
    SafetensorsFile file = Safetensors.read(checkpoint);
    Map<String, WeightTensor> tensors = new LinkedHashMap<>();
    file.tensors().keySet().forEach(name -> tensors.put(name, file.floats(name)));
    Map<String, String> metadata = new LinkedHashMap<>(file.metadata());
    metadata.put("format", "spikemlp-checkpoint-1");
    metadata.put(
        "plan",
        """
        {"augmentation":{"cropPadding":1,"horizontalFlip":true},"batchSize":5,"epochs":3,\
        "learningRate":0.1,"loss":"MEAN","momentum":0.9,"seed":4,"tetLambda":0.05,\
        "weightDecay":0.0}\
        """);
    Safetensors.write(checkpoint, metadata, tensors);
    try (TrainingRun run = TrainingRun.resume(checkpoint, images)) {
      run.train(1000);
      assertSame(run.network().weights(), undisturbed);
    }
    metadata.put("format", "spikemlp-checkpoint-3");
    Safetensors.write(checkpoint, metadata, tensors);
    assertThatThrownBy(() -> TrainingRun.resume(checkpoint, images))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContainingAll("'spikemlp-checkpoint-3'", "spikemlp-checkpoint-2");
  }

  @Test
  void aNetworkLearnsStripes() {
    ImageDataSet images = stripes(64);
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(40, 16, 0.1), images, INPUT)) {
      Segment first = run.train(4);
      Segment last = run.train(1000);
      assertThat(last.meanLoss()).isLessThan(first.meanLoss());
      Evaluation evaluation = Evaluation.of(run.network(), stripes(40), INPUT, 7);
      assertThat(evaluation.accuracy()).isGreaterThan(0.9);
      assertThat(evaluation.images()).isEqualTo(40);
      assertThat(evaluation.firingRates().values()).allMatch(rate -> rate >= 0 && rate <= 1);
      assertThat(evaluation.firingRates()).containsKeys("stages.1.patch.lif_2", "head.lif");
      assertThat(evaluation.activity().counts().synapticAdditions())
          .isPositive()
          .isLessThan(evaluation.activity().counts().denseAdditions());
      assertThat(Evaluation.of(run.network(), stripes(40), INPUT, 40))
          .usingRecursiveComparison()
          .isEqualTo(evaluation);
    }
  }

  @Test
  void adamWLearnsStripesAndItsAverageKnowsThem() {
    Optimisation optimisation =
        new Optimisation(
            Optimizer.ADAMW,
            new LearningRateSchedule(Kind.COSINE, 2, List.of(), 0, 0.1),
            1,
            0.1,
            0.9);
    TrainingPlan plan = plan(40, 16, 0.01).withOptimisation(optimisation);
    try (TrainingRun run = TrainingRun.start(NETWORK, plan, stripes(64), INPUT)) {
      Segment first = run.train(4);
      Segment last = run.train(1000);
      assertThat(last.meanLoss()).isLessThan(first.meanLoss());
      for (SpikingMlp network : List.of(run.network(), run.learner())) {
        assertThat(Evaluation.of(network, stripes(40), INPUT, 40).accuracy()).isGreaterThan(0.9);
      }
    }
  }

  @Test
  void aLearningRateTooHighEndsWithAdvice() {
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(50, 8, 1000), stripes(32), INPUT)) {
      assertThatThrownBy(() -> run.train(1000))
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("the loss of batch ")
          .hasMessageContaining(" is far beyond that of guessing")
          .hasMessageContaining("learning rate")
          .hasMessageContaining("lower learningRate");
    }
  }

  @Test
  void weightsThatAreNoNumbersAreNeverSaved() {
    Path checkpoint = directory.resolve("checkpoint.safetensors");
    for (String name : List.of("head.classifier.weight", "head.token_fc.bn.running_var")) {
      try (TrainingRun run = TrainingRun.start(NETWORK, plan(1, 4, 0.1), stripes(8), INPUT)) {
        double loss = run.train(1).meanLoss();
        Parameters parameters = run.network().parameters();
        Parameter parameter = parameters.named(name);
        parameters.home(parameter).set(parameter.offset() + 1, Double.NEGATIVE_INFINITY);
        assertThatThrownBy(() -> run.save(checkpoint))
            .isInstanceOf(TrainingDivergedException.class)
            .hasMessageContaining(name + " holds -Infinity (batch 0, loss %.4g, ".formatted(loss))
            .hasMessageContaining("learning rate 0.1)")
            .hasMessageContaining("lower learningRate");
        assertThat(checkpoint).doesNotExist();
      }
    }
  }

  @Test
  void aCheckpointWithWhatIsNoNumberIsRefusedByTensorAndPlace() {
    Path checkpoint = directory.resolve("checkpoint.safetensors");
    TrainingPlan plan =
        plan(1, 4, 0.1)
            .withOptimisation(
                new Optimisation(Optimizer.ADAMW, LearningRateSchedule.COSINE, 0, 0, 0.9));
    for (String name :
        List.of(
            "head.classifier.weight",
            "optimizer.second.stages.0.mixers.0.fuse.fc.weight",
            "ema.head.classifier.weight")) {
      try (TrainingRun run = TrainingRun.start(NETWORK, plan, stripes(8), INPUT)) {
        run.train(1);
        run.save(checkpoint);
      }
      SafetensorsFile file = Safetensors.read(checkpoint);
      Map<String, WeightTensor> tensors = new LinkedHashMap<>();
      for (String tensor : file.tensors().keySet()) {
        tensors.put(tensor, file.floats(tensor));
      }
      WeightTensor changed = tensors.get(name);
      assertThat(changed).as(name).isNotNull();
      changed.values()[changed.shape()[1] + 2] = Float.NaN;
      Safetensors.write(checkpoint, file.metadata(), tensors);
      assertThatThrownBy(() -> TrainingRun.resume(checkpoint, stripes(8)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll(
              checkpoint.toString(),
              name.replace("ema.", ""),
              name.startsWith("ema.") ? "'ema.…'" : "",
              "NaN at [1, 2]",
              "only finite numbers");
    }
  }

  @Test
  void weightsThatTheLastBatchMadeNoNumbersEndTheRunWithAdvice() {
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(1, 8, 1e300), stripes(8), INPUT)) {
      assertThatThrownBy(() -> run.train(1000))
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageMatching("training diverged: \\S+ holds (-?Infinity|NaN) \\(batch 0, loss .*")
          .hasMessageContaining("learning rate 1.0E300");
    }
  }

  @Test
  void anEpochWhoseMeanLossIsFarBeyondGuessingEndsWithAdvice() {
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(2, 4, 0.1), stripes(8), INPUT)) {
      run.train(2);
      run.requireConverging(20); // 20·max(1, ln 2)
      for (double loss : new double[] {20.01, Double.NaN}) {
        assertThatThrownBy(() -> run.requireConverging(loss))
            .isInstanceOf(TrainingDivergedException.class)
            .hasMessageContaining("the mean loss of epoch 1 is far beyond that of guessing, 0.69")
            .hasMessageContaining("batch 1, loss %.4g, learning rate 0.1".formatted(loss))
            .hasMessageContaining("lower learningRate");
      }
    }
  }

  @Test
  void aLastBatchOfOneImageIsLeftOut() {
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(1, 4, 0.1), stripes(9), INPUT)) {
      assertThat(run.batchesPerEpoch()).isEqualTo(2);
      assertThat(run.train(10).images()).isEqualTo(8);
    }
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(1, 4, 0.1), stripes(10), INPUT)) {
      assertThat(run.train(10).images()).isEqualTo(10);
    }
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(1, 1, 0.1), stripes(3), INPUT)) {
      assertThat(run.train(10).images()).isEqualTo(3);
    }
  }

  @Test
  void batchesVaryByEpochAndImageAndAreTheSameAgain() {
    ImageDataSet images = stripes(12);
    Batches batches = new Batches(images, plan(2, 12, 0.1), INPUT);
    assertThat(batches.at(0).images()).containsExactly(batches.at(0).images());
    assertThat(batches.at(1).images()).isNotEqualTo(batches.at(0).images());
    Batches plain =
        new Batches(
            images, new TrainingPlan(1, 12, 0.1, 0, 0, Loss.MEAN, 0, Augmentation.NONE, 1), INPUT);
    int[] labels = plain.at(0).labels();
    assertThat(labels).containsOnly(0, 1).hasSize(12);
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    NetworkConfig other = NetworkConfig.of(16, 16, 2, 6, List.of(1), 2);
    assertThatThrownBy(() -> TrainingRun.start(other, plan(1, 4, 0.1), stripes(8), INPUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8×8")
        .hasMessageContaining("16×16");
    Path checkpoint = directory.resolve("checkpoint.safetensors");
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(1, 4, 0.1), stripes(8), INPUT)) {
      run.save(checkpoint);
    }
    assertThatThrownBy(() -> TrainingRun.resume(checkpoint, stripes(9)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("8 images, not 9");
    Path weights = directory.resolve("weights.safetensors");
    Safetensors.write(weights, Map.of(), Map.of());
    assertThatThrownBy(() -> TrainingRun.resume(weights, stripes(8)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'format' is missing");
    assertThat(Files.exists(checkpoint)).isTrue();
  }

  @Test
  void aTrainingThatNoMachineHoldsIsRefusedBeforeItTakesMemory() {
    NetworkConfig endless = NETWORK.withTimeSteps(Integer.MAX_VALUE);
    assertThatThrownBy(() -> TrainingRun.start(endless, plan(1, 4, 0.1), stripes(8), INPUT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("training would need about \\d{5,}\\.\\d GB of memory, at most .*")
        .hasMessageContainingAll("may be used here", "lower the batch size, timeSteps");
  }

  @Test
  void everySizeOfBatchIsCounted() {
    assertThat(Batches.sizes(23, 5)).containsExactly(5, 3);
    assertThat(Batches.sizes(20, 5)).containsExactly(5);
    assertThat(Batches.sizes(21, 5)).containsExactly(5);
    assertThat(Batches.sizes(3, 5)).containsExactly(3);
    assertThat(Batches.sizes(1, 5)).containsExactly(1);
    assertThat(Batches.sizes(3, 1)).containsExactly(1);
  }

  @Test
  void memoryStaysFlatOverSteps() throws IOException {
    try (TrainingRun run = TrainingRun.start(NETWORK, plan(200, 8, 0.01), stripes(32), INPUT)) {
      run.train(60);
      long before = residentKilobytes();
      run.train(300);
      assertThat(residentKilobytes() - before).isLessThan(48_000);
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static TrainingPlan plan(int epochs, int batchSize, double learningRate) {
    return new TrainingPlan(
        epochs, batchSize, learningRate, 0.9, 0, Loss.MEAN, 0.05, new Augmentation(1, true), 4);
  }

  /** Stripes along rows or columns, with noise. */
  private static ImageDataSet stripes(int count) {
    SplittableRandom random = new SplittableRandom(count);
    int[] classes = new int[count];
    byte[] rgb = new byte[count * 8 * 8 * 3];
    for (int i = 0; i < count; i++) {
      classes[i] = i % 2;
      for (int p = 0; p < 64; p++) {
        int line = classes[i] == 0 ? p / 8 : p % 8;
        for (int c = 0; c < 3; c++) {
          int value = (line % 4 < 2 ? 200 : 40) + random.nextInt(-30, 30);
          rgb[(i * 64 + p) * 3 + c] = (byte) value;
        }
      }
    }
    return ImageDataSet.of(8, 8, List.of("rows", "columns"), classes, rgb);
  }
}
