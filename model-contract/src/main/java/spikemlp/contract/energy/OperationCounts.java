package spikemlp.contract.energy;

import java.util.HashMap;
import java.util.Map;
import spikemlp.contract.card.SynapticLayer;
import spikemlp.contract.card.Topology;

/**
 * The operations of one sample over its T time steps, from the spikes that occurred.
 *
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
    long annMacs) {

  /**
   * Counts one sample's operations.
   *
   * @param topology the network's
   * @param timeSteps T
   * @param spikes the sample's spikes per neuron layer over T, {@code [L]}
   * @param windows the sample's spikes weighted by windows over T, {@code [Q]}
   * @throws IllegalArgumentException if an array's length is not the topology's
   */
  public static OperationCounts count(
      Topology topology, int timeSteps, long[] spikes, long[] windows) {
    if (spikes.length != topology.neurons().size() || windows.length != topology.windows().size()) {
      throw new IllegalArgumentException(
          "the topology has "
              + topology.neurons().size()
              + " neuron layers and "
              + topology.windows().size()
              + " windows, the counts "
              + spikes.length
              + " and "
              + windows.length);
    }
    Map<String, Long> fired = new HashMap<>();
    for (int i = 0; i < spikes.length; i++) {
      fired.put(topology.neurons().get(i).name(), spikes[i]);
    }
    long additions = 0;
    for (SynapticLayer layer : topology.synapses()) {
      additions +=
          switch (layer.kind()) {
            case MAC -> 0;
            case UNIFORM -> layer.fanOut() * spikesOf(layer, fired);
            case WINDOWED -> layer.fanOut() * windows[layer.window()];
          };
    }
    return new OperationCounts(
        additions,
        timeSteps * topology.denseAdditionsPerStep(),
        topology.firstLayerMacs(),
        timeSteps * topology.firstLayerMacs(),
        timeSteps * topology.neuronCount(),
        timeSteps * topology.biasAdditionsPerStep() + topology.biasAdditionsOnce(),
        timeSteps * topology.skipAdditions(),
        topology.annMacs());
  }

  private static long spikesOf(SynapticLayer layer, Map<String, Long> fired) {
    long sum = 0;
    for (String source : layer.sources()) {
      sum += fired.getOrDefault(source, 0L);
    }
    return sum;
  }
}
