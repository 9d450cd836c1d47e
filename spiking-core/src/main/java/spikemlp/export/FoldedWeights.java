package spikemlp.export;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.NetworkConfig;

/**
 * Takes weights by their canonical names and folds what follows a product into them.
 *
 * <p>A layer z = BN(W·x) feeds neurons that charge with z/τ and fire at V_th. Measured in units of
 * the threshold, per output feature,
 *
 * <pre>
 *   W' = W · γ/√(σ²+ε) / (τ·V_th)        b' = (β − γ·μ/√(σ²+ε)) / (τ·V_th)
 * </pre>
 *
 * computed in double precision and rounded once. All states carry the same factor 1/(τ·V_th), so
 * that skip connections add them as they are.
 */
final class FoldedWeights {

  private final Map<String, WeightTensor> weights;
  private final double epsilon;
  private final double scale;
  private final Set<String> taken = new HashSet<>();

  FoldedWeights(Map<String, WeightTensor> weights, NetworkConfig config) {
    this.weights = weights;
    this.epsilon = config.bnEps();
    this.scale = 1 / (config.tau() * config.threshold());
  }

  /**
   * A folded layer.
   *
   * @param weight W', output features outermost
   * @param bias b', one an output feature
   */
  record Folded(float[] weight, float[] bias) {

    /** Layers of the same input as one: output features one after the other. */
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
   * Folds the normalisation {@code bn} into the product {@code product}.
   *
   * @param shape of the product's weight, output features first
   * @throws IllegalArgumentException if a tensor is missing, of another shape, or holds a value
   *     that cannot be folded; the message names it
   */
  Folded fold(String product, String bn, int... shape) {
    float[] weight = take(product + ".weight", shape);
    int features = shape[0];
    float[] gamma = take(bn + ".weight", features);
    float[] beta = take(bn + ".bias", features);
    float[] mean = take(bn + ".running_mean", features);
    float[] variance = take(bn + ".running_var", features);
    int inputs = weight.length / features;
    float[] foldedWeight = new float[weight.length];
    float[] foldedBias = new float[features];
    for (int f = 0; f < features; f++) {
      if (variance[f] < 0) {
        throw new IllegalArgumentException(
            "tensor '" + bn + ".running_var' is negative at " + f + ": " + variance[f]);
      }
      double factor = gamma[f] / Math.sqrt(variance[f] + epsilon);
      for (int i = f * inputs; i < (f + 1) * inputs; i++) {
        foldedWeight[i] = (float) (weight[i] * factor * scale);
      }
      foldedBias[f] = (float) ((beta[f] - mean[f] * factor) * scale);
    }
    requireFinite(product + ".weight, folded,", foldedWeight);
    requireFinite(bn + ".bias, folded,", foldedBias);
    return new Folded(foldedWeight, foldedBias);
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
