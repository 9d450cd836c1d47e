package spikemlp.layer;

import java.util.function.IntUnaryOperator;

/**
 * Where a batch normalisation's numbers lie.
 *
 * @param features F
 * @param gamma offset of γ within the learnt numbers
 * @param beta offset of β within the learnt numbers
 * @param mean offset of the running mean within the statistics
 * @param variance offset of the running variance within the statistics
 */
public record NormWeight(int features, long gamma, long beta, long mean, long variance) {

  /** One normalisation {@code name.{weight, bias, running_mean, running_var}} {@code [F]}. */
  public static NormWeight named(Parameters.Layout layout, String name, int features) {
    NormWeight weight = unnamed(layout, features);
    weight.name(layout, name, 0, features);
    return weight;
  }

  /** A normalisation whose features get their names part by part. */
  static NormWeight unnamed(Parameters.Layout layout, int features) {
    return new NormWeight(
        features,
        layout.take(features),
        layout.take(features),
        layout.takeStatistics(features),
        layout.takeStatistics(features));
  }

  /** Names {@code count} features from {@code first} on. */
  void name(Parameters.Layout layout, String name, int first, int count) {
    IntUnaryOperator identity = IntUnaryOperator.identity();
    layout.weight(name + ".weight", gamma + first, identity, 0, count);
    layout.weight(name + ".bias", beta + first, identity, 0, count);
    layout.statistic(name + ".running_mean", mean + first, count);
    layout.statistic(name + ".running_var", variance + first, count);
  }
}
