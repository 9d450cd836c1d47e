package spikemlp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.Mixing;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.data.ImageDataSet;

final class BatchesTest {

  private static final int SIDE = 8;
  private static final int LENGTH = 3 * SIDE * SIDE;
  private static final int IMAGES = 23;
  private static final int BATCH = 5;
  private static final long SEED = 11;
  private static final InputSpec INPUT =
      new InputSpec(
          SIDE, SIDE, InputSpec.Fit.COVER, List.of(0.5, 0.4, 0.3), List.of(0.25, 0.2, 0.3));

  private final ImageDataSet images = images();

  /** Bit for bit what a checkpoint's run trained on before there was more than crop and flip. */
  @Test
  void paddedCropsAndFlipsAreDrawnAsEver() {
    for (Augmentation augmentation :
        List.of(Augmentation.NONE, Augmentation.CROP_AND_FLIP, new Augmentation(2, false))) {
      Batches batches = batches(augmentation);
      for (int number : new int[] {0, 3, 4, 5, 9, 2}) {
        Batches.Batch batch = batches.at(number);
        assertThat(batch.targets()).isEmpty();
        Batches.Batch expected = naive(augmentation, number);
        assertThat(batch.labels()).containsExactly(expected.labels());
        assertThat(batch.images()).containsExactly(expected.images());
      }
    }
  }

  @Test
  void aBatchFollowsFromItsNumberAlone() {
    Augmentation.RECIPES.forEach((name, recipe) -> {
      Batches forwards = batches(recipe);
      List<Batches.Batch> all =
          IntStream.range(0, 10).mapToObj(number -> forwards.at(number)).toList();
      for (int number = 9; number >= 0; number--) {
        Batches.Batch again = batches(recipe).at(number);
        assertThat(again.images()).as(name).containsExactly(all.get(number).images());
        assertThat(again.labels()).containsExactly(all.get(number).labels());
        assertThat(again.targets().isPresent()).isEqualTo(recipe.mixing().on());
        if (again.targets().isPresent()) {
          assertThat(again.targets().get()).isDeepEqualTo(all.get(number).targets().orElseThrow());
        }
      }
    });
  }

  @Test
  void mixingLeavesLabelsAndGivesTargets() {
    Batches plain = batches(Augmentation.NONE);
    Batches mixed = batches(Augmentation.NONE.with(Mixing.of(1, 0)));
    for (int number = 0; number < 10; number++) {
      Batches.Batch before = plain.at(number);
      Batches.Batch batch = mixed.at(number);
      assertThat(batch.labels()).containsExactly(before.labels());
      double[][] targets = batch.targets().orElseThrow();
      int last = batch.labels().length - 1;
      // λ from the targets, or from the first pair of unlike pictures where labels are the same
      int label = batch.labels()[0];
      int other = batch.labels()[last];
      assertThat(targets[0][label] + (label == other ? 0 : targets[0][other]))
          .isCloseTo(1, within(1e-12));
      if (label != other) {
        float lambda = (float) targets[0][label];
        float rest = (float) (1 - targets[0][label]);
        for (int i = 0; i < LENGTH; i++) {
          assertThat(batch.images()[i])
              .isCloseTo(
                  lambda * before.images()[i] + rest * before.images()[last * LENGTH + i],
                  within(1e-5f));
        }
      }
    }
  }

  @Test
  void thePipelineGivesTheSameBatchesInOrder() {
    Batches batches = batches(Augmentation.STRONG_SMALL);
    for (int threads : new int[] {1, 2, 5}) {
      try (BatchPipeline pipeline = new BatchPipeline(batches, threads)) {
        assertThat(pipeline.ahead()).isEqualTo(4);
        List<Long> order = new ArrayList<>(List.of(0L, 1L, 2L, 3L, 4L, 5L, 7L, 8L, 9L, 1L, 2L));
        for (long number : order) {
          assertThat(pipeline.take(number).images())
              .as("batch %d by %d threads", number, threads)
              .containsExactly(batches.at(number).images());
        }
      }
    }
  }

  @Test
  void largeBatchesArePreparedOneAhead() {
    ImageDataSet large =
        ImageDataSet.of(512, 512, List.of("a", "b"), new int[] {0, 1}, new byte[2 * 3 * 512 * 512]);
    InputSpec input = InputSpec.unnormalised(512, 512, InputSpec.Fit.COVER);
    TrainingPlan plan = new TrainingPlan(1, 64, 0.1, 0.9, 0, Loss.MEAN, 0, Augmentation.NONE, SEED);
    try (BatchPipeline pipeline = new BatchPipeline(new Batches(large, plan, input), 2)) {
      assertThat(pipeline.ahead()).isEqualTo(1);
    }
  }

  private Batches batches(Augmentation augmentation) {
    return new Batches(
        images, new TrainingPlan(2, BATCH, 0.1, 0.9, 0, Loss.MEAN, 0, augmentation, SEED), INPUT);
  }

  /** The equations: order, padding, crop and flip one pixel after another. */
  private Batches.Batch naive(Augmentation augmentation, int number) {
    int epoch = number / 5;
    int from = number % 5 * BATCH;
    int size = Math.min(BATCH, IMAGES - from);
    SplittableRandom shuffling = RandomStreams.of(SEED, "order", epoch);
    int[] order = new int[IMAGES];
    for (int i = 0; i < IMAGES; i++) {
      int j = shuffling.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    float[] inputs = new float[size * LENGTH];
    int[] labels = new int[size];
    byte[] original = new byte[LENGTH];
    byte[] varied = new byte[LENGTH];
    for (int b = 0; b < size; b++) {
      int image = order[from + b];
      labels[b] = images.label(image);
      images.pixels(image, original, 0);
      SplittableRandom random = RandomStreams.of(SEED, "augmentation", epoch, image);
      int padding = augmentation.cropPadding();
      int down = random.nextInt(2 * padding + 1) - padding;
      int right = random.nextInt(2 * padding + 1) - padding;
      boolean mirrored = random.nextBoolean() && augmentation.horizontalFlip();
      Arrays.fill(varied, (byte) 0);
      for (int y = Math.max(0, -down); y < Math.min(SIDE, SIDE - down); y++) {
        for (int x = 0; x < SIDE; x++) {
          int column = (mirrored ? SIDE - 1 - x : x) + right;
          if (column >= 0 && column < SIDE) {
            System.arraycopy(
                original, 3 * ((y + down) * SIDE + column), varied, 3 * (y * SIDE + x), 3);
          }
        }
      }
      new ImagePreparation(INPUT).normalise(varied, 0, inputs, b * LENGTH);
    }
    return new Batches.Batch(inputs, labels, Optional.empty());
  }

  private static ImageDataSet images() {
    byte[] rgb = new byte[IMAGES * LENGTH];
    new SplittableRandom(1).nextBytes(rgb);
    int[] classes = IntStream.range(0, IMAGES).map(i -> i % 3).toArray();
    return ImageDataSet.of(SIDE, SIDE, List.of("a", "b", "c"), classes, rgb);
  }
}
