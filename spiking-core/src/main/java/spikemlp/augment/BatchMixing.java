package spikemlp.augment;

import java.util.random.RandomGenerator;
import spikemlp.contract.job.Mixing;

/**
 * Mixes a mini-batch with itself in reverse order, picture b with picture B − 1 − b:
 *
 * <pre>
 * mixup:  x = λ·x_b + (1−λ)·x_{B−1−b},                λ ~ Beta(α, α)
 * CutMix: x = x_b, but x_{B−1−b} inside a rectangle,   λ = 1 − its area / (H·W)
 * target = λ·onehot(label_b) + (1−λ)·onehot(label_{B−1−b})
 * </pre>
 *
 * One λ and one rectangle a batch. The order of a batch is random, so that the pairs are.
 */
public final class BatchMixing {

  private BatchMixing() {}

  /**
   * Mixes in place.
   *
   * @param mixing which, on
   * @param images {@code [B, 3, H, W]}
   * @param labels {@code [B]}
   * @param classes K
   * @return the targets {@code [B][K]}, every row's sum 1
   */
  public static double[][] mix(
      Mixing mixing,
      float[] images,
      int[] labels,
      int height,
      int width,
      int classes,
      RandomGenerator random) {
    double lambda;
    if (cuts(mixing, random)) {
      Box box = Box.pasted(beta(mixing.cutmixAlpha(), random), height, width, random);
      exchange(images, labels.length, height, width, box);
      lambda = 1 - (double) box.area() / (height * width);
    } else {
      lambda = beta(mixing.mixupAlpha(), random);
      blend(images, labels.length, lambda);
    }
    return targets(labels, lambda, classes);
  }

  private static boolean cuts(Mixing mixing, RandomGenerator random) {
    if (mixing.mixupAlpha() > 0 && mixing.cutmixAlpha() > 0) {
      return random.nextDouble() < mixing.cutmixProbability();
    }
    return mixing.cutmixAlpha() > 0;
  }

  /** Both of a pair at once, so that each is mixed with what the other was. */
  static void blend(float[] images, int batch, double lambda) {
    int length = images.length / batch;
    float keep = (float) lambda;
    float take = (float) (1 - lambda);
    for (int b = 0; b < batch / 2; b++) {
      int one = b * length;
      int other = (batch - 1 - b) * length;
      for (int i = 0; i < length; i++) {
        float x = images[one + i];
        float y = images[other + i];
        images[one + i] = keep * x + take * y;
        images[other + i] = keep * y + take * x;
      }
    }
  }

  static void exchange(float[] images, int batch, int height, int width, Box box) {
    int length = images.length / batch;
    for (int b = 0; b < batch / 2; b++) {
      int one = b * length;
      int other = (batch - 1 - b) * length;
      for (int row = 0; row < Canvas.CHANNELS * height; row++) {
        int y = row % height;
        if (y >= box.top() && y < box.top() + box.height()) {
          int from = row * width + box.left();
          for (int i = from; i < from + box.width(); i++) {
            float x = images[one + i];
            images[one + i] = images[other + i];
            images[other + i] = x;
          }
        }
      }
    }
  }

  static double[][] targets(int[] labels, double lambda, int classes) {
    double[][] targets = new double[labels.length][classes];
    for (int b = 0; b < labels.length; b++) {
      targets[b][labels[b]] += lambda;
      targets[b][labels[labels.length - 1 - b]] += 1 - lambda;
    }
    return targets;
  }

  /**
   * λ ~ Beta(α, α) = X / (X + Y), X and Y ~ Gamma(α); by their logarithms, which a small α does not
   * bring to 0.
   */
  static double beta(double alpha, RandomGenerator random) {
    double x = logGamma(alpha, random);
    double y = logGamma(alpha, random);
    return 1 / (1 + Math.exp(y - x));
  }

  /**
   * The logarithm of a number from Gamma(α): Gamma(α + 1)·U^(1/α), the former by Marsaglia and
   * Tsang, "A Simple Method for Generating Gamma Variables", 2000.
   */
  private static double logGamma(double alpha, RandomGenerator random) {
    double d = alpha + 1 - 1.0 / 3.0;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      double cube = v * v * v;
      double u = 1 - random.nextDouble(); // in (0, 1]
      if (v > 0 && Math.log(u) < 0.5 * x * x + d - d * cube + d * Math.log(cube)) {
        return Math.log(d * cube) + Math.log(1 - random.nextDouble()) / alpha;
      }
    }
  }
}
