package spikemlp.contract.energy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.SynapticLayer;
import spikemlp.contract.card.Topology;

/**
 * How many spikes one sample's neurons fired over T, recorded or expected of firing rates, and the
 * operations they cause; expected numbers need not be whole.
 */
public final class SpikeActivity {

  private final Topology topology;
  private final int timeSteps;
  private final Map<String, Double> spikes;
  private final double[] windows;
  private final OperationCounts counts;

  /**
   * @param spikes by neuron layer, {@code [L]}
   * @param windows the spikes weighted by windows, {@code [Q]}
   */
  private SpikeActivity(Topology topology, int timeSteps, double[] spikes, double[] windows) {
    if (spikes.length != topology.neurons().size() || windows.length != topology.windows().size()) {
      throw new IllegalArgumentException(
          "the topology has %d neuron layers and %d windows, the counts %d and %d"
              .formatted(
                  topology.neurons().size(),
                  topology.windows().size(),
                  spikes.length,
                  windows.length));
    }
    this.topology = topology;
    this.timeSteps = timeSteps;
    this.spikes = new HashMap<>();
    for (int i = 0; i < spikes.length; i++) {
      this.spikes.put(topology.neurons().get(i).name(), spikes[i]);
    }
    this.windows = windows;
    this.counts = counted();
  }

  /**
   * What one sample's neurons fired.
   *
   * @param topology the network's
   * @param timeSteps T
   * @param spikes by neuron layer over T, {@code [L]}
   * @param windows the spikes weighted by windows over T, {@code [Q]}
   * @throws IllegalArgumentException if an array's length is not the topology's
   */
  public static SpikeActivity recorded(
      Topology topology, int timeSteps, long[] spikes, long[] windows) {
    return mean(topology, timeSteps, spikes, windows, 1);
  }

  /**
   * What a sample's neurons fired on average.
   *
   * @param spikes by neuron layer over T, summed over the samples, {@code [L]}
   * @param windows the spikes weighted by windows, summed the same, {@code [Q]}
   * @param samples at least 1
   * @throws IllegalArgumentException if an array's length is not the topology's
   */
  public static SpikeActivity mean(
      Topology topology, int timeSteps, long[] spikes, long[] windows, int samples) {
    return new SpikeActivity(topology, timeSteps, over(spikes, samples), over(windows, samples));
  }

  private static double[] over(long[] counts, int samples) {
    return Arrays.stream(counts).mapToDouble(count -> (double) count / samples).toArray();
  }

  /**
   * What is expected if every neuron fires at the same rate.
   *
   * @param rate spikes per neuron and time step
   * @throws IllegalArgumentException if the rate is not in [0, 1]
   */
  public static SpikeActivity atRate(Topology topology, int timeSteps, double rate) {
    return atRates(
        topology,
        timeSteps,
        topology.neurons().stream().collect(Collectors.toMap(NeuronLayer::name, layer -> rate)));
  }

  /**
   * What is expected if each layer fires at its own rate, the same all over it.
   *
   * @param rates spikes per neuron and time step by neuron layer
   * @throws IllegalArgumentException if a layer is missing or unknown, or a rate not in [0, 1]; the
   *     message names them
   */
  public static SpikeActivity atRates(Topology topology, int timeSteps, Map<String, Double> rates) {
    requireLayers(topology, rates.keySet());
    rates.forEach((layer, rate) -> {
      if (!(rate >= 0 && rate <= 1)) {
        throw new IllegalArgumentException(
            "the firing rate of " + layer + " is " + rate + "; a rate is a number from 0 to 1");
      }
    });
    return new SpikeActivity(
        topology,
        timeSteps,
        topology.neurons().stream()
            .mapToDouble(
                layer -> rates.getOrDefault(layer.name(), 0.0) * timeSteps * layer.neurons())
            .toArray(),
        topology.windows().stream()
            .mapToDouble(
                window -> rates.getOrDefault(window.source(), 0.0) * timeSteps * window.dense())
            .toArray());
  }

  private static void requireLayers(Topology topology, Set<String> named) {
    Set<String> missing =
        topology.neurons().stream()
            .map(NeuronLayer::name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> unknown = new TreeSet<>(named);
    unknown.removeAll(missing);
    missing.removeAll(named);
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the firing rates do not fit the network's "
              + topology.neurons().size()
              + " neuron layers:"
              + some(" missing", missing)
              + some(" unknown", unknown));
    }
  }

  private static String some(String what, Set<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    return what
        + " "
        + names.stream().limit(3).collect(Collectors.joining(", "))
        + (names.size() > 3 ? " and " + (names.size() - 3) + " more" : "")
        + ";";
  }

  Topology topology() {
    return topology;
  }

  /** T. */
  public int timeSteps() {
    return timeSteps;
  }

  /** Spikes that arrive at a layer over T; none at the first, which reads the image. */
  double inputSpikes(SynapticLayer layer) {
    double sum = 0;
    for (String source : layer.sources()) {
      sum += spikes.getOrDefault(source, 0.0);
    }
    return sum;
  }

  /** Synaptic additions of a layer over T: Σ over its input spikes of each one's fan-out. */
  double additions(SynapticLayer layer) {
    return switch (layer.kind()) {
      case MAC -> 0;
      case UNIFORM -> layer.fanOut() * inputSpikes(layer);
      case WINDOWED -> layer.fanOut() * windows[layer.window()];
    };
  }

  /** Spikes of all neurons over T. */
  public double firedSpikes() {
    return spikes.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Spikes over neurons and time steps, in [0, 1]. */
  public double firingRate() {
    return firedSpikes() / counts.membraneUpdates();
  }

  /** All operations, rounded to whole ones. */
  public OperationCounts counts() {
    return counts;
  }

  private OperationCounts counted() {
    double additions = topology.synapses().stream().mapToDouble(this::additions).sum();
    return new OperationCounts(
        Math.round(additions),
        timeSteps * topology.denseAdditionsPerStep(),
        topology.firstLayerMacs(),
        timeSteps * topology.firstLayerMacs(),
        timeSteps * topology.neuronCount(),
        timeSteps * topology.biasAdditionsPerStep() + topology.biasAdditionsOnce(),
        timeSteps * topology.skipAdditions(),
        topology.annMacs());
  }
}
