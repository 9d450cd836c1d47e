package spikemlp.training;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import spikemlp.augment.BatchMixing;
import spikemlp.augment.PictureVariation;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.Mixing;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.data.ImageDataSet;

/**
 * A run's mini-batches by number: each epoch passes over the images in an order of its own, and
 * each image is varied anew, both drawn from streams named by seed, epoch and image; what is mixed
 * is drawn from one named by the batch. A batch follows from its number alone. Thread-safe.
 */
final class Batches {

  private final ImageDataSet images;
  private final TrainingPlan plan;
  private final ImagePreparation preparation;
  private final long perEpoch;
  private final AtomicReference<Order> latest;

  /**
   * One mini-batch.
   *
   * @param images {@code [B, 3, H, W]}, normalised
   * @param labels {@code [B]}, of the images before any mixing
   * @param targets {@code [B][K]}, each row's sum 1, where images are mixed; else the labels are
   */
  record Batch(float[] images, int[] labels, Optional<double[][]> targets) {}

  /** An epoch's order of the images. */
  private record Order(long epoch, int[] images) {}

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
    this.latest = new AtomicReference<>(order(0));
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

  /** What a whole batch's images take. */
  long bytes() {
    return (long) Float.BYTES * plan.batchSize() * preparation.length();
  }

  /** Batch {@code number}, from 0. */
  Batch at(long number) {
    long epoch = number / perEpoch;
    int from = (int) (number % perEpoch) * plan.batchSize();
    int to = Math.min(from + plan.batchSize(), images.size());
    int[] order = inOrder(epoch);
    int length = preparation.length();
    float[] inputs = new float[(to - from) * length];
    int[] labels = new int[to - from];
    PictureVariation variation = new PictureVariation(plan.augmentation(), preparation);
    for (int i = from; i < to; i++) {
      int image = order[i];
      int offset = (i - from) * length;
      images.pixels(image, variation.pixels(), 0);
      variation.place(random("augmentation", epoch, image));
      variation.colour(random("colour", epoch, image));
      preparation.normalise(variation.pixels(), 0, inputs, offset);
      variation.erase(inputs, offset, random("erasing", epoch, image));
      labels[i - from] = images.label(image);
    }
    return new Batch(inputs, labels, mix(inputs, labels, number));
  }

  private Optional<double[][]> mix(float[] inputs, int[] labels, long number) {
    Mixing mixing = plan.augmentation().mixing();
    if (!mixing.on()) {
      return Optional.empty();
    }
    return Optional.of(
        BatchMixing.mix(
            mixing,
            inputs,
            labels,
            images.height(),
            images.width(),
            images.labels().size(),
            random("mixing", number)));
  }

  private SplittableRandom random(String purpose, long... numbers) {
    return RandomStreams.of(plan.seed(), purpose, numbers);
  }

  private int[] inOrder(long epoch) {
    Order known = latest.get();
    if (known.epoch() != epoch) {
      known = order(epoch);
      latest.set(known);
    }
    return known.images();
  }

  /** A random order (Fisher-Yates) of the images for an epoch. */
  private Order order(long epoch) {
    SplittableRandom random = random("order", epoch);
    int[] order = new int[images.size()];
    for (int i = 0; i < order.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return new Order(epoch, order);
  }
}
