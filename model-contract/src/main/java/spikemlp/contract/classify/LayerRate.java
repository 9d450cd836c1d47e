package spikemlp.contract.classify;

/**
 * How much a layer fired on one sample.
 *
 * @param layer the neuron layer's canonical name
 * @param neurons neurons in it
 * @param spikes spikes over T
 * @param firingRate spikes over neurons and time steps, in [0, 1]
 */
public record LayerRate(String layer, long neurons, long spikes, double firingRate) {}
