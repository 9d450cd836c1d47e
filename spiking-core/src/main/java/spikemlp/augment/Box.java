package spikemlp.augment;

import java.util.Optional;
import java.util.random.RandomGenerator;
import spikemlp.contract.job.RandomResizedCrop;

/**
 * A rectangle of a picture.
 *
 * @param top its first row
 * @param left its first column
 * @param height rows
 * @param width columns
 */
record Box(int top, int left, int height, int width) {

  private static final int ATTEMPTS = 10;

  int area() {
    return height * width;
  }

  /**
   * What random resized crop shows of a picture of H×W: share a ~ U[leastArea, mostArea], aspect ln
   * r ~ U[ln leastAspect, ln mostAspect],
   *
   * <pre>w = round(√(a·H·W·r)), h = round(√(a·H·W / r))</pre>
   *
   * anywhere inside. After ten that do not fit: the centre, as large as the aspects allow.
   */
  static Box crop(RandomResizedCrop crop, int height, int width, RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = height * width * uniform(random, crop.leastArea(), crop.mostArea());
      double aspect = logUniform(random, crop.leastAspect(), crop.mostAspect());
      int w = (int) Math.rint(Math.sqrt(area * aspect));
      int h = (int) Math.rint(Math.sqrt(area / aspect));
      if (w > 0 && w <= width && h > 0 && h <= height) {
        return new Box(random.nextInt(height - h + 1), random.nextInt(width - w + 1), h, w);
      }
    }
    int w = Math.clamp(Math.round(height * crop.mostAspect()), 1, width);
    int h = Math.clamp(Math.round(width / crop.leastAspect()), 1, height);
    return new Box((height - h) / 2, (width - w) / 2, h, w);
  }

  /**
   * What random erasing takes: area share uniform in [leastArea, mostArea], height:width
   * log-uniform in [0.3, 1 / 0.3], smaller than the picture on both sides. Empty if ten attempts
   * did not fit.
   */
  static Optional<Box> erased(
      double leastArea, double mostArea, int height, int width, RandomGenerator random) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = height * width * uniform(random, leastArea, mostArea);
      double aspect = logUniform(random, 0.3, 1 / 0.3);
      int h = (int) Math.rint(Math.sqrt(area * aspect));
      int w = (int) Math.rint(Math.sqrt(area / aspect));
      if (w > 0 && w < width && h > 0 && h < height) {
        return Optional.of(
            new Box(random.nextInt(height - h + 1), random.nextInt(width - w + 1), h, w));
      }
    }
    return Optional.empty();
  }

  /**
   * What CutMix pastes where a share λ of the picture should stay: sides ⌊H·√(1−λ)⌋ and ⌊W·√(1−λ)⌋
   * about a centre anywhere, cut at the borders.
   */
  static Box pasted(double lambda, int height, int width, RandomGenerator random) {
    double side = Math.sqrt(1 - lambda);
    int halfHeight = (int) (height * side) / 2;
    int halfWidth = (int) (width * side) / 2;
    int y = random.nextInt(height);
    int x = random.nextInt(width);
    int top = Math.max(0, y - halfHeight);
    int left = Math.max(0, x - halfWidth);
    return new Box(
        top, left, Math.min(height, y + halfHeight) - top, Math.min(width, x + halfWidth) - left);
  }

  private static double uniform(RandomGenerator random, double least, double most) {
    return least + (most - least) * random.nextDouble();
  }

  private static double logUniform(RandomGenerator random, double least, double most) {
    return Math.exp(uniform(random, Math.log(least), Math.log(most)));
  }
}
