package spikemlp.layer;

import java.util.Arrays;

/**
 * What one sample's neurons of a layer did over T in inference. Holds the array it is given.
 *
 * @param name the layer's canonical name
 * @param tokens N, row-major over the grid
 * @param channels C
 * @param spikes how often each fired, {@code [N, C]}
 * @param membraneUpdates updates that changed a potential, each neuron's first counted always
 */
public record NeuronActivity(
    String name, int tokens, int channels, int[] spikes, long membraneUpdates) {

  /** All spikes of the layer. */
  public long fired() {
    return Arrays.stream(spikes).asLongStream().sum();
  }
}
