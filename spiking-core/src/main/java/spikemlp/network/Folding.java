package spikemlp.network;

import java.util.Arrays;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Precision;
import spikemlp.layer.ImageGrid;

/**
 * Folds what follows a product into its weights: a layer z = BN(W·x) feeds neurons that charge with
 * z/τ and fire at V_th. Per output feature, in units of the threshold and in double precision,
 *
 * <pre>
 *   W' = W · γ/√(σ²+ε) / (τ·V_th)        b' = (β − γ·μ/√(σ²+ε)) / (τ·V_th)
 * </pre>
 *
 * In single precision each row is then rounded to a grid, the multiples of 2⁻ᵏ, with the largest k
 * ≤ {@value #FINEST} for which every sum of inputs times weights is exact, whatever the order:
 *
 * <ul>
 *   <li>over spikes: sums of any of the row's weights and b' lie between the sum N of the negative
 *       ones and the sum P of the positive ones; k makes max(P, −N) ≤ 2²⁴⁻ᵏ, so that each is a
 *       multiple of 2⁻ᵏ with at most 24 bits, a float;
 *   <li>over the image, on the {@link ImageGrid} and summed in double precision: k makes Σ|W'| ≤
 *       2²⁸⁻ᵏ and max|W'| ≤ 2²⁴⁻ᵏ. b' is added to the rounded sum, and rounded to a float alone.
 * </ul>
 *
 * With 8-bit weights, those of {@link Operand#CHANNELS} are moreover whole multiples of one step a
 * row, W' = q·s with |q| ≤ {@value #MOST}, and s and b' are multiples of the grid's 2⁻ᵏ. Then Σ q
 * over spikes is exact in integers, its product with s is a float without rounding, and so is the
 * sum with b': a graph of 8-bit products gives the bits of the sums in single precision.
 *
 * <p>The one folding for inference and export: both then compute the same bits.
 */
public final class Folding {

  private static final int FINEST = 100;

  /** The largest 8-bit weight; −128 is left out, so that the range is symmetric. */
  static final int MOST = 127;

  private final Precision precision;
  private final WeightPrecision weights;
  private final double epsilon;
  private final double scale;

  /**
   * The folding of a network.
   *
   * @throws IllegalArgumentException for 8-bit weights in double precision, which has no grid
   */
  public Folding(NetworkConfig config, Precision precision, WeightPrecision weights) {
    if (precision == Precision.DOUBLE && weights != WeightPrecision.FP32) {
      throw new IllegalArgumentException("8-bit weights are folded in single precision alone");
    }
    this.precision = precision;
    this.weights = weights;
    this.epsilon = config.bnEps();
    this.scale = 1 / (config.tau() * config.threshold());
  }

  /** What a layer's product reads. */
  public enum Operand {
    /** The image. */
    IMAGE,
    /** Zeros and ones: convolutions, and the fully connected layers along an axis. */
    SPIKES,
    /**
     * Zeros and ones, all channels of a token: the layers {@code fuse}, {@code channel_1} and
     * {@code channel_2}, which have nearly all of the weights and additions. The only ones in 8
     * bits.
     */
    CHANNELS;

    /** What the product of that canonical name reads. */
    public static Operand of(String product) {
      if (product.equals("stages.0.patch.conv")) {
        return IMAGE;
      }
      return product.matches(".*\\.(fuse|channel_1|channel_2)\\.fc") ? CHANNELS : SPIKES;
    }
  }

  /**
   * A layer as it is learnt.
   *
   * @param product the product's canonical name
   * @param bn the normalisation's canonical name
   * @param weight W, output features outermost
   * @param gamma γ
   * @param beta β
   * @param mean μ
   * @param variance σ²
   */
  public record Layer(
      String product,
      String bn,
      double[] weight,
      double[] gamma,
      double[] beta,
      double[] mean,
      double[] variance) {}

  /**
   * A folded layer; in single precision each number is a float.
   *
   * @param weight W', output features outermost
   * @param bias b', one an output feature
   * @param step s, one an output feature, where the layer's weights are q·s; else empty
   */
  public record Folded(double[] weight, double[] bias, double[] step) {

    /** q = W'/s, output features outermost. */
    public byte[] quantised() {
      byte[] q = new byte[weight.length];
      int inputs = weight.length / step.length;
      for (int i = 0; i < q.length; i++) {
        q[i] = (byte) Math.rint(weight[i] / step[i / inputs]);
      }
      return q;
    }
  }

  /**
   * Folds a layer.
   *
   * @throws IllegalArgumentException if a running variance is negative or a folded number, or a
   *     row's sum of them, is no finite number of the precision; the message names tensor and place
   */
  public Folded fold(Layer layer, Operand operand) {
    int features = layer.gamma().length;
    int inputs = layer.weight().length / features;
    double[] weight = new double[layer.weight().length];
    double[] bias = new double[features];
    boolean quantises = weights == WeightPrecision.INT8 && operand == Operand.CHANNELS;
    double[] step = new double[quantises ? features : 0];
    for (int f = 0; f < features; f++) {
      if (layer.variance()[f] < 0) {
        throw new IllegalArgumentException(
            "tensor '%s.running_var' is negative at %d: %s"
                .formatted(layer.bn(), f, layer.variance()[f]));
      }
      double factor = layer.gamma()[f] / Math.sqrt(layer.variance()[f] + epsilon);
      double[] row = new double[inputs + 1];
      for (int i = 0; i < inputs; i++) {
        row[i] = layer.weight()[f * inputs + i] * factor * scale;
      }
      row[inputs] = (layer.beta()[f] - layer.mean()[f] * factor) * scale;
      requireFinite(layer, f, row);
      double[] rounded = quantises ? new double[row.length] : rounded(row, operand);
      if (quantises) {
        step[f] = quantised(row, rounded);
      }
      System.arraycopy(rounded, 0, weight, f * inputs, inputs);
      bias[f] = rounded[inputs];
    }
    return new Folded(weight, bias, step);
  }

  private void requireFinite(Layer layer, int feature, double[] row) {
    for (double value : row) {
      requireFinite(layer, feature, "holds", value);
    }
    requireFinite(layer, feature, "adds up to", Arrays.stream(row).map(Math::abs).sum());
  }

  private void requireFinite(Layer layer, int feature, String does, double value) {
    double held = precision == Precision.SINGLE ? (float) value : value;
    if (!Double.isFinite(held)) {
      throw new IllegalArgumentException(
          "tensor '%s.weight' with '%s', folded, %s %s in output feature %d, not a number"
              .formatted(layer.product(), layer.bn(), does, held, feature));
    }
  }

  /** The weights and, last, the bias of an output feature on their grid. */
  private double[] rounded(double[] row, Operand operand) {
    if (precision == Precision.DOUBLE) {
      return row;
    }
    return switch (operand) {
      case SPIKES, CHANNELS -> onGrid(row, operand);
      case IMAGE -> {
        int inputs = row.length - 1;
        double[] rounded = Arrays.copyOf(onGrid(Arrays.copyOf(row, inputs), operand), row.length);
        rounded[inputs] = (float) row[inputs];
        yield rounded;
      }
    };
  }

  private static double[] onGrid(double[] row, Operand operand) {
    double[] rounded = new double[row.length];
    int k = Math.min(FINEST, Float.PRECISION - Math.getExponent(reach(row, operand)));
    do {
      for (int i = 0; i < row.length; i++) {
        rounded[i] = Math.scalb(Math.rint(Math.scalb(row[i], k)), -k);
      }
      k--;
    } while (reach(rounded, operand) > Math.scalb(1.0, Float.PRECISION - k - 1));
    return rounded;
  }

  /**
   * The weights as multiples of one step, and the bias, all on one grid.
   *
   * @param rounded receives them
   * @return the step
   */
  private static double quantised(double[] row, double[] rounded) {
    int inputs = row.length - 1;
    double largest = 0;
    for (int i = 0; i < inputs; i++) {
      largest = Math.max(largest, Math.abs(row[i]));
    }
    int k = Math.min(FINEST, Float.PRECISION - Math.getExponent(reach(row, Operand.SPIKES)));
    double step;
    do {
      double grid = Math.scalb(1.0, -k);
      step = Math.max(1, Math.ceil(largest / MOST / grid)) * grid;
      for (int i = 0; i < inputs; i++) {
        rounded[i] = Math.rint(row[i] / step) * step;
      }
      rounded[inputs] = Math.rint(row[inputs] / grid) * grid;
      k--;
    } while (reach(rounded, Operand.SPIKES) > Math.scalb(1.0, Float.PRECISION - k - 1));
    return step;
  }

  /** What must not exceed 2²⁴⁻ᵏ. */
  private static double reach(double[] row, Operand operand) {
    double positive = 0;
    double negative = 0;
    double largest = 0;
    for (double value : row) {
      positive += Math.max(value, 0);
      negative -= Math.min(value, 0);
      largest = Math.max(largest, Math.abs(value));
    }
    return switch (operand) {
      case SPIKES, CHANNELS -> Math.max(positive, negative);
      case IMAGE ->
          Math.max(largest, Math.scalb(positive + negative, Float.PRECISION - ImageGrid.SUM_BITS));
    };
  }
}
