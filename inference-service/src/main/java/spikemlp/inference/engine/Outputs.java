package spikemlp.inference.engine;

/**
 * What a model answers to a batch. Row {@code b} is sample {@code b}'s own, whatever else was in
 * the batch.
 *
 * @param logits {@code [B][K]}, finite
 * @param spikes {@code [B][L]}, spikes per neuron layer summed over T
 * @param windows {@code [B][Q]}, spikes weighted by the windows they lie in; {@code [B][0]} if the
 *     network has none
 */
public record Outputs(float[][] logits, long[][] spikes, long[][] windows) {}
