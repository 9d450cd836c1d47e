package spikemlp.contract.card;

/**
 * One layer of spiking neurons; its index in {@link Topology#neurons()} is its column in the {@code
 * spikes} output.
 *
 * @param name the canonical name, such as {@code stages.0.mixers.1.lif_token}
 * @param neurons neurons a sample, each updated once a time step
 */
public record NeuronLayer(String name, long neurons) {}
