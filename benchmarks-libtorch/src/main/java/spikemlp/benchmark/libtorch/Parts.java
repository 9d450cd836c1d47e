package spikemlp.benchmark.libtorch;

import spikemlp.contract.network.NetworkConfig;

/**
 * What a layer is built from.
 *
 * @param config the network
 * @param weights where its weights are read
 * @param settings how it computes
 */
record Parts(NetworkConfig config, Weights weights, Settings settings) {

  SpikingLayer neurons(String name) {
    return new SpikingLayer(name, config, settings.neuron());
  }
}
