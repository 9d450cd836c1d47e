package spikemlp.contract.energy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.SynapticLayer;
import spikemlp.contract.card.Topology;

/**
 * How many spikes one sample's neurons fired over T, recorded or expected of firing rates; expected
 * numbers need not be whole.
 *
 * @param topology the network's
 * @param timeSteps T
 * @param spikes by neuron layer, {@code [L]}
 * @param windows the spikes weighted by windows, {@code [Q]}
 */
public record SpikeActivity(
    Topology topology, int timeSteps, List<Double> spikes, List<Double> windows) {

  public SpikeActivity {
    spikes = List.copyOf(spikes);
    windows = List.copyOf(windows);
    if (spikes.size() != topology.neurons().size() || windows.size() != topology.windows().size()) {
      throw new IllegalArgumentException(
          "the topology has %d neuron layers and %d windows, the activity %d and %d"
              .formatted(
                  topology.neurons().size(),
                  topology.windows().size(),
                  spikes.size(),
                  windows.size()));
    }
  }

  /** What was recorded. */
  public static SpikeActivity recorded(
      Topology topology, int timeSteps, long[] spikes, long[] windows) {
    return new SpikeActivity(topology, timeSteps, doubles(spikes), doubles(windows));
  }

  private static List<Double> doubles(long[] counts) {
    return Arrays.stream(counts).mapToObj(count -> (double) count).toList();
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
            .map(layer -> rates.getOrDefault(layer.name(), 0.0) * timeSteps * layer.neurons())
            .toList(),
        topology.windows().stream()
            .map(window -> rates.getOrDefault(window.source(), 0.0) * timeSteps * window.dense())
            .toList());
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

  /** Spikes that arrive at a layer over T; none at the first, which reads the image. */
  public double inputSpikes(SynapticLayer layer) {
    double sum = 0;
    for (int i = 0; i < spikes.size(); i++) {
      if (layer.sources().contains(topology.neurons().get(i).name())) {
        sum += spikes.get(i);
      }
    }
    return sum;
  }

  /** Synaptic additions of a layer over T. */
  public double additions(SynapticLayer layer) {
    return switch (layer.kind()) {
      case MAC -> 0;
      case UNIFORM -> layer.fanOut() * inputSpikes(layer);
      case WINDOWED -> layer.fanOut() * windows.get(layer.window());
    };
  }

  /** Spikes of all neurons over T. */
  public double firedSpikes() {
    return spikes.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Spikes over neurons and time steps, in [0, 1]. */
  public double firingRate() {
    return firedSpikes() / ((double) timeSteps * topology.neuronCount());
  }

  /** All operations, rounded to whole ones. */
  public OperationCounts counts() {
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
