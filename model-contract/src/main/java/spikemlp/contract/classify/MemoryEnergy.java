package spikemlp.contract.classify;

import spikemlp.contract.energy.MemoryAwareModel;

/**
 * Where the energy goes by the estimator that counts memory.
 *
 * @param model its constants
 * @param spiking the spiking network's, of this sample
 * @param artificial the same network's as an artificial one
 * @param quantised the equal-bit artificial network's
 */
public record MemoryEnergy(
    MemoryAwareModel model,
    MemoryAwareModel.Energy spiking,
    MemoryAwareModel.Energy artificial,
    MemoryAwareModel.Energy quantised) {}
