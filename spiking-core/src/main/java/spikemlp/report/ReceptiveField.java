package spikemlp.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import spikemlp.checkpoint.WeightTensor;

/**
 * The learnt weights of a token FC: row n is what neuron n takes from each place along the axis.
 * Figure 5 of the paper.
 *
 * @param layer canonical name, such as {@code stages.0.mixers.1.token_h}
 * @param place which part of the network it belongs to
 * @param axis what its rows and columns count
 * @param size H, W or N
 * @param weights {@code [size, size]}, row-major, not folded; held, not copied
 */
public record ReceptiveField(String layer, String place, Axis axis, int size, float[] weights) {

  /** What a token FC goes along. */
  public enum Axis {
    HEIGHT("row of patches"),
    WIDTH("column of patches"),
    TOKENS("token");

    private final String unit;

    Axis(String unit) {
      this.unit = unit;
    }

    String unit() {
      return unit;
    }
  }

  private static final Pattern TOKEN_FC =
      Pattern.compile(
          "(?<layer>stages\\.(?<stage>\\d+)\\.mixers\\.\\d+\\.token_(?<axis>[hw]))\\.fc\\.weight");
  private static final String HEAD = "head.token_fc";

  public ReceptiveField {
    if (weights.length != size * size || size < 1) {
      throw new IllegalArgumentException(
          "%s of size %d has %d weights, not %d"
              .formatted(layer, size, weights.length, size * size));
    }
    for (int i = 0; i < weights.length; i++) {
      if (!Float.isFinite(weights[i])) {
        throw new IllegalArgumentException(
            "%s holds %s at [%d, %d], not a finite number"
                .formatted(layer, weights[i], i / size, i % size));
      }
    }
  }

  /**
   * Every token FC among a network's weights, in their order.
   *
   * @param weights by canonical name
   * @throws IllegalArgumentException if one is not square or not finite
   */
  public static List<ReceptiveField> of(Map<String, WeightTensor> weights) {
    List<ReceptiveField> fields = new ArrayList<>();
    weights.forEach((name, tensor) -> {
      Matcher mixer = TOKEN_FC.matcher(name);
      if (mixer.matches()) {
        Axis axis = mixer.group("axis").equals("h") ? Axis.HEIGHT : Axis.WIDTH;
        fields.add(of(mixer.group("layer"), "Stage " + mixer.group("stage"), axis, tensor));
      } else if (name.equals(HEAD + ".fc.weight")) {
        fields.add(of(HEAD, "Head", Axis.TOKENS, tensor));
      }
    });
    return List.copyOf(fields);
  }

  private static ReceptiveField of(String layer, String place, Axis axis, WeightTensor tensor) {
    return new ReceptiveField(layer, place, axis, tensor.shape()[0], tensor.values());
  }

  /** The share of Σ|w| on the diagonal and right beside it, in [0, 1]; 0 if all weights are 0. */
  public double diagonalDominance() {
    double near = 0;
    double all = 0;
    for (int i = 0; i < weights.length; i++) {
      double size = Math.abs(weights[i]);
      all += size;
      near += Math.abs(i / this.size - i % this.size) <= 1 ? size : 0;
    }
    return all == 0 ? 0 : near / all;
  }

  /** The same for weights of equal size everywhere: what a layer without structure has. */
  double uniformDominance() {
    return size == 1 ? 1 : (3.0 * size - 2) / ((double) size * size);
  }

  /** The largest |w|. */
  double bound() {
    double bound = 0;
    for (float weight : weights) {
      bound = Math.max(bound, Math.abs(weight));
    }
    return bound;
  }

  /** Row n, a neuron's weights. */
  double[] row(int n) {
    double[] row = new double[size];
    for (int i = 0; i < size; i++) {
      row[i] = weights[n * size + i];
    }
    return row;
  }
}
