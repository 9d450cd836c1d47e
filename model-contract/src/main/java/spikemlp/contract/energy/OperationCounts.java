package spikemlp.contract.energy;

/**
 * The operations of one sample over its T time steps, from the spikes that occurred.
 *
 * @see SpikeActivity#counts
 * @param synapticAdditions AC: Σ over input spikes of that spike's fan-out
 * @param denseAdditions T·A: the same if every input spiked
 * @param macs multiply-accumulates of the first layer, computed once
 * @param macsEveryStep the same counted T times, the paper's convention
 * @param membraneUpdates one per neuron and time step
 * @param biasAdditions additions of the folded biases
 * @param skipAdditions additions of skip connections
 * @param annMacs multiply-accumulates of the same network as an artificial one
 */
public record OperationCounts(
    long synapticAdditions,
    long denseAdditions,
    long macs,
    long macsEveryStep,
    long membraneUpdates,
    long biasAdditions,
    long skipAdditions,
    long annMacs) {}
