package spikemlp.training;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.data.ImageDataSet;

/**
 * A run's mini-batches by number: each epoch passes over the images in an order of its own, and
 * each image is padded, cropped and mirrored anew, both drawn from streams named by seed, epoch and
 * image. A batch follows from its number alone. Thread-safe.
 */
final class Batches {

  private static final int CHANNELS = 3;

  private final ImageDataSet images;
  private final TrainingPlan plan;
  private final ImagePreparation preparation;
  private final long perEpoch;

  /**
   * One mini-batch.
   *
   * @param images {@code [B, 3, H, W]}, normalised
   * @param labels {@code [B]}
   */
  record Batch(float[] images, int[] labels) {}

  Batches(ImageDataSet images, TrainingPlan plan, InputSpec input) {
    this.images = images;
    this.plan = plan;
    this.preparation = new ImagePreparation(input);
    this.perEpoch =
        (long) images.size() / plan.batchSize()
            + (rest(images.size(), plan.batchSize()) > 0 ? 1 : 0);
    if (perEpoch < 1) {
      throw new IllegalArgumentException("there are no images to train on");
    }
  }

  /** Images in an epoch's last batch where it is a smaller one, else 0. */
  private static int rest(int images, int batchSize) {
    int rest = images % batchSize;
    return rest > 1 || images == 1 ? rest : 0;
  }

  /** The sizes that batches of so many images have. */
  static List<Integer> sizes(int images, int batchSize) {
    return IntStream.of(images < batchSize ? 0 : batchSize, rest(images, batchSize))
        .filter(size -> size > 0)
        .boxed()
        .toList();
  }

  long perEpoch() {
    return perEpoch;
  }

  long inAll() {
    return perEpoch * plan.epochs();
  }

  /** Batch {@code number}, from 0. */
  Batch at(long number) {
    long epoch = number / perEpoch;
    int from = (int) (number % perEpoch) * plan.batchSize();
    int to = Math.min(from + plan.batchSize(), images.size());
    int[] order = order(epoch);
    int length = preparation.length();
    float[] inputs = new float[(to - from) * length];
    int[] labels = new int[to - from];
    byte[] original = new byte[length];
    byte[] varied = new byte[length];
    for (int i = from; i < to; i++) {
      images.pixels(order[i], original, 0);
      vary(original, varied, RandomStreams.of(plan.seed(), "augmentation", epoch, order[i]));
      preparation.normalise(varied, 0, inputs, (i - from) * length);
      labels[i - from] = images.label(order[i]);
    }
    return new Batch(inputs, labels);
  }

  /** A random order (Fisher-Yates) of the images for an epoch. */
  private int[] order(long epoch) {
    SplittableRandom random = RandomStreams.of(plan.seed(), "order", epoch);
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** Pads with zeros, crops at a random place and mirrors half of the images. */
  private void vary(byte[] from, byte[] to, SplittableRandom random) {
    int padding = plan.augmentation().cropPadding();
    int down = random.nextInt(2 * padding + 1) - padding;
    int right = random.nextInt(2 * padding + 1) - padding;
    boolean mirrored = random.nextBoolean() && plan.augmentation().horizontalFlip();
    int height = images.height();
    int width = images.width();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int fromY = y + down;
        int fromX = (mirrored ? width - 1 - x : x) + right;
        boolean within = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width;
        for (int c = 0; c < CHANNELS; c++) {
          to[(y * width + x) * CHANNELS + c] =
              within ? from[(fromY * width + fromX) * CHANNELS + c] : 0;
        }
      }
    }
  }
}
