package spikemlp.kernel;

import java.util.Optional;
import spikemlp.neuron.LifNeuron;

/**
 * What neurons write as they fire.
 *
 * @param neuron the neuron
 * @param normalised scale·y + shift {@code [B, T, M]}, before skips join, where a later skip needs
 *     it
 * @param potentials h {@code [B, T, M]}, where backward needs it
 * @param spikes s {@code [B, T, M]}, each 0 or 1
 */
public record Firing(
    LifNeuron neuron, Optional<Tensor> normalised, Optional<Tensor> potentials, Tensor spikes) {}
