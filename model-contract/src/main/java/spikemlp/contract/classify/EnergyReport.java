package spikemlp.contract.classify;

import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.energy.OperationCounts;

/**
 * The energy estimate of one sample, from the spikes it fired.
 *
 * @param model the energy model with its constants
 * @param picojoules the estimate, pJ
 * @param annPicojoules the same network as an artificial one, pJ
 * @param operations what was counted
 * @param spikes spikes fired in all neuron layers over T
 * @param firingRate spikes over neurons and time steps, in [0, 1]
 */
public record EnergyReport(
    EnergyModel model,
    double picojoules,
    double annPicojoules,
    OperationCounts operations,
    long spikes,
    double firingRate) {}
