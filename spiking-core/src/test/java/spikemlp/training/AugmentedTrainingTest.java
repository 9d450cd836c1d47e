package spikemlp.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.Mixing;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.data.ImageDataSet;

final class AugmentedTrainingTest {

  private static final NetworkConfig NETWORK = NetworkConfig.of(8, 8, 2, 6, List.of(1, 1), 2);
  private static final InputSpec INPUT =
      new InputSpec(8, 8, InputSpec.Fit.COVER, List.of(0.5, 0.5, 0.5), List.of(0.25, 0.25, 0.25));

  @TempDir Path directory;

  @Test
  void aResumedRunVariesAndMixesTheSame() {
    ImageDataSet images = brightness(23);
    TrainingPlan plan = plan(2, Augmentation.STRONG);
    Map<String, WeightTensor> undisturbed;
    try (TrainingRun run = TrainingRun.start(NETWORK, plan, images, INPUT)) {
      run.train(1000);
      undisturbed = run.network().weights();
    }
    Path checkpoint = directory.resolve("checkpoint.safetensors");
    try (TrainingRun run = TrainingRun.start(NETWORK, plan, images, INPUT)) {
      run.train(2);
      run.save(checkpoint);
    }
    try (TrainingRun run = TrainingRun.resume(checkpoint, images)) {
      assertThat(run.plan()).isEqualTo(plan);
      run.train(1000);
      run.network()
          .weights()
          .forEach((name, tensor) ->
              assertThat(tensor.values()).as(name).containsExactly(undisturbed.get(name).values()));
    }
  }

  @Test
  void aNetworkLearnsFromMixedPictures() {
    TrainingPlan plan = plan(40, Augmentation.NONE.with(Mixing.of(0.8, 1)));
    try (TrainingRun run = TrainingRun.start(NETWORK, plan, brightness(64), INPUT)) {
      Segment first = run.train(4);
      Segment last = run.train(1000);
      assertThat(last.meanLoss()).isLessThan(first.meanLoss());
      assertThat(last.accuracy()).isBetween(0.5, 1.0);
      assertThat(Evaluation.of(run.network(), brightness(40), INPUT, 8).accuracy())
          .isGreaterThan(0.9);
    }
  }

  private static TrainingPlan plan(int epochs, Augmentation augmentation) {
    return new TrainingPlan(epochs, 8, 0.1, 0.9, 0, Loss.MEAN, 0.05, augmentation, 4);
  }

  /** Dark and bright noise. */
  private static ImageDataSet brightness(int count) {
    SplittableRandom random = new SplittableRandom(count);
    int[] classes = new int[count];
    byte[] rgb = new byte[count * 8 * 8 * 3];
    for (int i = 0; i < rgb.length; i++) {
      classes[i / 192] = i / 192 % 2;
      rgb[i] = (byte) ((i / 192 % 2 == 0 ? 70 : 180) + random.nextInt(-60, 60));
    }
    return ImageDataSet.of(8, 8, List.of("dark", "bright"), classes, rgb);
  }
}
