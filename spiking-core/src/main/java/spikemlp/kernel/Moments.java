package spikemlp.kernel;

import java.util.Arrays;

/**
 * Two sums by sample and feature, kept apart by sample so that what they add up to depends neither
 * on the batch nor on the number of threads.
 */
public final class Moments {

  private final int features;
  private final double[] first;
  private final double[] second;

  public Moments(int batch, int features) {
    this.features = features;
    this.first = new double[batch * features];
    this.second = new double[batch * features];
  }

  int features() {
    return features;
  }

  public void clear(int sample) {
    Arrays.fill(first, sample * features, (sample + 1) * features, 0);
    Arrays.fill(second, sample * features, (sample + 1) * features, 0);
  }

  void add(int sample, int feature, double one, double two) {
    first[sample * features + feature] += one;
    second[sample * features + feature] += two;
  }

  public double first(int sample, int feature) {
    return first[sample * features + feature];
  }

  public double second(int sample, int feature) {
    return second[sample * features + feature];
  }
}
