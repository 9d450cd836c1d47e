package spikemlp.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.ColorJitter;
import spikemlp.contract.job.RandAugment;
import spikemlp.contract.job.RandomErasing;
import spikemlp.contract.job.RandomResizedCrop;

/**
 * Varies one prepared picture after another as an {@link Augmentation} says: put a picture into
 * {@link #pixels()}, {@link #place} it, {@link #colour} it, normalise what is then in {@link
 * #pixels()}, {@link #erase} from that. Mutable; used by one thread.
 */
public final class PictureVariation {

  private static final List<RandomOperation> OPERATIONS = List.of(RandomOperation.values());

  private final Augmentation augmentation;
  private final ImagePreparation preparation;
  private final Canvas canvas;
  private final Tones tones = new Tones();

  /**
   * A variation of pictures of the input's size. What a picture moved aside leaves behind is the
   * input's mean colour.
   */
  public PictureVariation(Augmentation augmentation, ImagePreparation preparation) {
    this.augmentation = augmentation;
    this.preparation = preparation;
    InputSpec input = preparation.spec();
    int[] mean =
        input.mean().stream()
            .mapToInt(value -> (int) Math.clamp(Math.round(255 * value), 0L, 255L))
            .toArray();
    this.canvas = new Canvas(input.height(), input.width(), mean);
  }

  /** The picture, {@code [H, W, 3]}; another array after each step, perhaps. */
  public byte[] pixels() {
    return canvas.rgb();
  }

  /** Crops and mirrors. */
  public void place(RandomGenerator random) {
    RandomResizedCrop crop = augmentation.resizedCrop();
    if (crop.on()) {
      Box box = Box.crop(crop, canvas.height(), canvas.width(), random);
      if (box.area() < canvas.height() * canvas.width()) {
        Picture picture = new Picture(canvas.height(), canvas.width(), canvas.rgb());
        canvas.replace(preparation.part(picture, box.top(), box.left(), box.height(), box.width()));
      }
      if (random.nextBoolean() && augmentation.horizontalFlip()) {
        Geometry.mirror(canvas);
      }
      return;
    }
    int padding = augmentation.cropPadding();
    int down = random.nextInt(2 * padding + 1) - padding;
    int right = random.nextInt(2 * padding + 1) - padding;
    boolean mirrored = random.nextBoolean() && augmentation.horizontalFlip();
    if (down != 0 || right != 0 || mirrored) {
      Geometry.shift(canvas, down, right, mirrored);
    }
  }

  /** RandAugment, then colour jitter. */
  public void colour(RandomGenerator random) {
    RandAugment set = augmentation.randAugment();
    for (int i = 0; i < set.operations(); i++) {
      RandomOperation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
      if (random.nextBoolean()) {
        double magnitude = set.magnitude();
        if (set.magnitudeSpread() > 0) {
          magnitude += set.magnitudeSpread() * random.nextGaussian();
        }
        double level = Math.clamp(magnitude, 0, RandAugment.MOST) / RandAugment.MOST;
        operation.apply(canvas, tones, level, random);
      }
    }
    if (augmentation.colorJitter().on()) {
      jitter(augmentation.colorJitter(), random);
    }
  }

  /** The three in one of their six orders. */
  private void jitter(ColorJitter jitter, RandomGenerator random) {
    int first = random.nextInt(3);
    int second = (first + 1 + random.nextInt(2)) % 3;
    jitter(jitter, first, random);
    jitter(jitter, second, random);
    jitter(jitter, 3 - first - second, random);
  }

  private void jitter(ColorJitter jitter, int which, RandomGenerator random) {
    double strength =
        which == 0 ? jitter.brightness() : which == 1 ? jitter.contrast() : jitter.saturation();
    if (strength > 0) {
      float factor = (float) (1 - strength + 2 * strength * random.nextDouble());
      if (which == 0) {
        tones.brightness(canvas, factor);
      } else if (which == 1) {
        tones.contrast(canvas, factor);
      } else {
        Blends.color(canvas, factor);
      }
    }
  }

  /**
   * Erases a rectangle of a normalised picture, or nothing.
   *
   * @param chw holds it, {@code [3, H, W]}, from {@code offset} on
   */
  public void erase(float[] chw, int offset, RandomGenerator random) {
    RandomErasing erasing = augmentation.randomErasing();
    if (erasing.probability() > 0 && random.nextDouble() < erasing.probability()) {
      int height = canvas.height();
      int width = canvas.width();
      Box.erased(erasing.leastArea(), erasing.mostArea(), height, width, random)
          .ifPresent(box -> noise(box, chw, offset, random));
    }
  }

  private void noise(Box box, float[] chw, int offset, RandomGenerator random) {
    int width = canvas.width();
    for (int c = 0; c < Canvas.CHANNELS; c++) {
      for (int y = 0; y < box.height(); y++) {
        int from = offset + (c * canvas.height() + box.top() + y) * width + box.left();
        for (int i = from; i < from + box.width(); i++) {
          chw[i] = (float) random.nextGaussian();
        }
      }
    }
  }
}
