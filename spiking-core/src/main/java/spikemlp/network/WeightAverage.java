package spikemlp.network;

import spikemlp.layer.Parameters;

/**
 * The exponential moving average of a network's weights and running statistics while it is trained,
 * as a network of its own:
 *
 * <pre>
 * w̄ = dₙ·w̄ + (1 − dₙ)·w     dₙ = min(d, (n − 1) / (n + 8)) after step n
 * </pre>
 *
 * so that it begins with the weights after the first step and the early ones are soon forgotten.
 * Owns the averaged network: close it. Used by the thread that trains.
 */
public final class WeightAverage implements AutoCloseable {

  private final SpikingMlp followed;
  private final SpikingMlp average;
  private final double decay;

  /**
   * Stands at the network's present weights until its first step.
   *
   * @param decay d, in [0, 1)
   */
  public WeightAverage(SpikingMlp followed, double decay) {
    this.followed = followed;
    this.average = SpikingMlp.create(followed.config(), 0, followed.kernels());
    this.decay = decay;
    Parameters from = followed.parameters();
    Parameters to = average.parameters();
    to.values().copyFrom(from.values(), 0, 0, from.values().size());
    to.statistics().copyFrom(from.statistics(), 0, 0, from.statistics().size());
    to.changed();
  }

  /** Moves the average towards the network's weights after its step {@code number}, from 1. */
  public void follow(long number) {
    double kept = Math.min(decay, (number - 1.0) / (number + 8.0));
    Parameters from = followed.parameters();
    Parameters to = average.parameters();
    followed.kernels().average(to.values(), from.values(), from.values().size(), kept);
    followed.kernels().average(to.statistics(), from.statistics(), from.statistics().size(), kept);
    to.changed();
  }

  /** The averaged network; it stays this object's. */
  public SpikingMlp network() {
    return average;
  }

  @Override
  public void close() {
    average.close();
  }
}
