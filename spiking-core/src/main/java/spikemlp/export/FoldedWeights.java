package spikemlp.export;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Precision;
import spikemlp.network.Folding;
import spikemlp.network.Folding.Operand;

/**
 * Takes weights by their canonical names and folds what follows a product into them, by the core's
 * own {@link Folding}. All states carry the same factor −1/(τ·V_th), so that skip connections add
 * them as they are; why it is negative tells {@link LifNodes}.
 */
final class FoldedWeights {

  private final Map<String, WeightTensor> weights;
  private final Folding folding;
  private final Set<String> taken = new HashSet<>();

  FoldedWeights(
      Map<String, WeightTensor> weights, NetworkConfig config, WeightPrecision precision) {
    this.weights = weights;
    this.folding = new Folding(config, Precision.SINGLE, precision);
  }

  /**
   * A folded layer.
   *
   * @param weight −W', output features outermost
   * @param bias −b', one an output feature
   * @param step s, one an output feature, where the weights are −q·s in 8 bits; else empty
   * @param quantised −q, output features outermost; or empty
   */
  record Folded(float[] weight, float[] bias, float[] step, byte[] quantised) {

    /** A layer in single precision. */
    Folded(float[] weight, float[] bias) {
      this(weight, bias, new float[0], new byte[0]);
    }

    boolean inBytes() {
      return step.length > 0;
    }

    /** Layers in single precision of the same input as one, output features one after the other. */
    static Folded joined(Folded... layers) {
      float[] weight = new float[Arrays.stream(layers).mapToInt(l -> l.weight.length).sum()];
      float[] bias = new float[Arrays.stream(layers).mapToInt(l -> l.bias.length).sum()];
      int weights = 0;
      int biases = 0;
      for (Folded layer : layers) {
        System.arraycopy(layer.weight, 0, weight, weights, layer.weight.length);
        System.arraycopy(layer.bias, 0, bias, biases, layer.bias.length);
        weights += layer.weight.length;
        biases += layer.bias.length;
      }
      return new Folded(weight, bias);
    }
  }

  /**
   * Folds the normalisation {@code bn} and the states' factor into the product {@code product}.
   *
   * @param shape of the product's weight, output features first
   * @throws IllegalArgumentException if a tensor is missing, of another shape, or holds a value
   *     that cannot be folded; the message names it
   */
  Folded fold(String product, String bn, int... shape) {
    int features = shape[0];
    Folding.Folded folded =
        folding.fold(
            new Folding.Layer(
                product,
                bn,
                widened(take(product + ".weight", shape)),
                widened(take(bn + ".weight", features)),
                widened(take(bn + ".bias", features)),
                widened(take(bn + ".running_mean", features)),
                widened(take(bn + ".running_var", features))),
            Operand.of(product));
    float[] step = narrowed(folded.step());
    return new Folded(
        negative(folded.weight()),
        negative(folded.bias()),
        step,
        step.length == 0 ? new byte[0] : negative(folded.quantised()));
  }

  private static float[] negative(double[] values) {
    float[] negative = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      negative[i] = (float) -values[i];
    }
    return negative;
  }

  private static byte[] negative(byte[] values) {
    byte[] negative = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      negative[i] = (byte) -values[i];
    }
    return negative;
  }

  private static double[] widened(float[] values) {
    double[] widened = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      widened[i] = values[i];
    }
    return widened;
  }

  private static float[] narrowed(double[] values) {
    float[] narrowed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrowed[i] = (float) values[i];
    }
    return narrowed;
  }

  /** The classifier's weight {@code [K, C]} times {@code factor}, and its bias {@code [K]}. */
  Folded classifier(String name, int classes, int channels, double factor) {
    float[] weight = take(name + ".weight", classes, channels);
    float[] scaled = new float[weight.length];
    for (int i = 0; i < weight.length; i++) {
      scaled[i] = (float) (weight[i] * factor);
    }
    return new Folded(scaled, take(name + ".bias", classes));
  }

  /**
   * Checks that every tensor was used.
   *
   * @throws IllegalArgumentException naming those that the configuration has no place for
   */
  void requireAllTaken() {
    Set<String> left = new TreeSet<>(weights.keySet());
    left.removeAll(taken);
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "the card's network has no place for tensors " + left + "; are they of another network?");
    }
  }

  private float[] take(String name, int... shape) {
    WeightTensor tensor = weights.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' " + Arrays.toString(shape) + " is missing from the weights");
    }
    if (!Arrays.equals(shape, tensor.shape())) {
      throw new IllegalArgumentException(
          "tensor '"
              + name
              + "' has shape "
              + Arrays.toString(tensor.shape())
              + ", where the card's network has "
              + Arrays.toString(shape));
    }
    requireFinite(name, tensor.values());
    taken.add(name);
    return tensor.values();
  }

  private static void requireFinite(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            "tensor '" + name + "' holds " + values[i] + " at index " + i + ", not a number");
      }
    }
  }
}
