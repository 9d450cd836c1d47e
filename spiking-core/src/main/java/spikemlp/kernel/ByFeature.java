package spikemlp.kernel;

import java.util.Arrays;

/**
 * A number for each feature of a layer. Number p of a step belongs to feature p / inner mod F: with
 * {@code inner} = 1 features are channels, else whole tokens share one.
 */
public final class ByFeature {

  /** How many numbers of a layer the vectorised kernels work on at a time. */
  static final int CHUNK = 512;

  /** The most numbers a vector holds. */
  private static final int VECTOR = 16;

  private final Precision precision;
  private final int features;
  private final int inner;
  private final double[] values;
  private final float[] wide;

  public ByFeature(Precision precision, int features, int inner) {
    this.precision = precision;
    this.features = features;
    this.inner = inner;
    this.values = new double[features];
    this.wide = new float[inner == 1 ? features * repeats(features) : features];
  }

  /**
   * How many whole rows of {@code width} numbers make a chunk: as many as fit, or as fill whole
   * vectors of any CPU's.
   */
  static int repeats(int width) {
    int rows = Math.max(1, CHUNK / width);
    return width % VECTOR == 0 || rows < VECTOR ? rows : rows / VECTOR * VECTOR;
  }

  public int features() {
    return features;
  }

  int inner() {
    return inner;
  }

  /** Whether features are channels. */
  boolean channels() {
    return inner == 1;
  }

  /** The feature of a token whose numbers all share one. */
  int ofToken(long token, int width) {
    return (int) (token * width / inner % features);
  }

  public double get(int feature) {
    return values[feature];
  }

  /** Stores the nearest number of the precision. */
  public void set(int feature, double value) {
    values[feature] = precision.round(value);
    for (int i = feature; i < wide.length; i += features) {
      wide[i] = (float) value;
    }
  }

  public void fill(double value) {
    Arrays.fill(values, precision.round(value));
    Arrays.fill(wide, (float) value);
  }

  /** The numbers, repeated over a chunk where features are channels. */
  float[] wide() {
    return wide;
  }
}
