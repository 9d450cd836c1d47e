package spikemlp.network;

import java.util.Arrays;

/** What a network should answer, as probabilities {@code [B][K]} of the classes. */
public final class Targets {

  private static final double TOLERANCE = 1e-6;

  private Targets() {}

  /**
   * 1 at each sample's label, 0 elsewhere.
   *
   * @param labels {@code [B]}, each a class
   * @param classes K
   */
  public static double[][] oneHot(int[] labels, int classes) {
    double[][] targets = new double[labels.length][classes];
    for (int b = 0; b < labels.length; b++) {
      targets[b][labels[b]] = 1;
    }
    return targets;
  }

  /**
   * (1 − ε)·target + ε/K: label smoothing.
   *
   * @param epsilon ε, in [0, 1)
   * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al., 2016, section 7</a>
   */
  public static double[][] smoothed(double[][] targets, double epsilon) {
    double[][] smoothed = new double[targets.length][];
    for (int b = 0; b < targets.length; b++) {
      double even = epsilon / targets[b].length;
      smoothed[b] = Arrays.stream(targets[b]).map(p -> (1 - epsilon) * p + even).toArray();
    }
    return smoothed;
  }

  /** Refuses what are not {@code batch} times {@code classes} probabilities. */
  static void require(double[][] targets, int batch, int classes) {
    if (targets.length != batch) {
      throw new IllegalArgumentException(
          "there are targets for " + targets.length + " samples, not for the " + batch + " given");
    }
    for (int b = 0; b < batch; b++) {
      if (targets[b].length != classes) {
        throw new IllegalArgumentException(
            "the target of sample %d has %d classes, not %d"
                .formatted(b, targets[b].length, classes));
      }
      double sum = 0;
      double least = 0;
      for (double p : targets[b]) {
        sum += p;
        least = Math.min(least, p);
      }
      if (!(Math.abs(sum - 1) <= TOLERANCE) || least < 0) {
        throw new IllegalArgumentException(
            "the target of sample %d is %s; it should be probabilities with sum 1"
                .formatted(b, Arrays.toString(targets[b])));
      }
    }
  }
}
