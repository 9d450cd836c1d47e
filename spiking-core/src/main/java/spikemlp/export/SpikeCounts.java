package spikemlp.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.SpikeWindow;
import spikemlp.export.OnnxGraph.Port;

/**
 * The outputs that measure: {@code spikes [B, L]}, each sample's spikes per neuron layer over T,
 * and {@code windows [B, Q]}, the same spikes weighted by the windows that they lie in. Sums of
 * ones in single precision, exact up to 2²⁴.
 */
final class SpikeCounts {

  private static final long EXACT = 1L << Float.PRECISION;

  private final GraphBuilder graph;
  private final ModelCard card;
  private final Map<String, String> spikes;

  /** {@code spikes}: neuron layer → value whose first axis has time and samples outermost. */
  SpikeCounts(GraphBuilder graph, ModelCard card, Map<String, String> spikes) {
    this.graph = graph;
    this.card = card;
    this.spikes = spikes;
  }

  /**
   * Adds the counting nodes.
   *
   * @return {@code logits}, then the outputs added; no {@code windows} if the network has none
   * @throws IllegalArgumentException if a count could exceed 2²⁴
   */
  List<Port> outputs(Port logits) {
    List<Port> outputs = new ArrayList<>(List.of(logits));
    List<String> columns = new ArrayList<>();
    for (NeuronLayer layer : card.topology().neurons()) {
      requireExact(layer.name(), layer.neurons());
      String samples =
          graph.reshape(layer.name() + ".neurons", fired(layer.name()), -1, layer.neurons());
      columns.add(graph.sum(layer.name() + ".count", samples, 1));
    }
    outputs.add(overTime(ModelCard.SPIKES_NAME, columns));
    List<SpikeWindow> windows = card.topology().windows();
    if (!windows.isEmpty()) {
      columns.clear();
      for (int q = 0; q < windows.size(); q++) {
        columns.add(windowed("windows." + q, windows.get(q)));
      }
      outputs.add(overTime(ModelCard.WINDOWS_NAME, columns));
    }
    return outputs;
  }

  /** Σ over channels {@code [T·B, H·W]}, times each position's windows: {@code [T·B, 1]}. */
  private String windowed(String name, SpikeWindow window) {
    requireExact("the windows over " + window.source(), window.dense());
    long[] rows = window.rows();
    long[] columns = window.columns();
    float[] counts = new float[rows.length * columns.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = rows[i / columns.length] * columns[i % columns.length];
    }
    String sums = graph.sum(name + ".channels", fired(window.source()), 1);
    String positions = graph.reshape(name + ".positions", sums, -1, counts.length);
    return graph.add(
        name,
        "MatMul",
        positions,
        graph.floats(name + ".reached", counts, (long) counts.length, 1L));
  }

  /** Columns {@code [T·B, 1]} side by side, summed over T: {@code [B, columns]}. */
  private Port overTime(String name, List<String> columns) {
    long width = columns.size();
    String joined = graph.concat(name + ".columns", 1, columns);
    String steps = graph.reshape(name + ".steps", joined, card.network().timeSteps(), -1, width);
    graph.reshape(name, graph.sum(name + ".sum", steps, 0), -1, width);
    return new Port(name, NetworkGraph.batchOf(width));
  }

  private String fired(String layer) {
    String value = spikes.get(layer);
    if (value == null) {
      throw new IllegalArgumentException(
          "the card counts neuron layer '" + layer + "', which the network does not have");
    }
    return value;
  }

  private void requireExact(String what, long most) {
    long steps = card.network().timeSteps();
    if (most * steps > EXACT) {
      throw new IllegalArgumentException(
          "a sample's count of "
              + what
              + " can reach "
              + most * steps
              + ", more than the "
              + EXACT
              + " that single precision counts exactly; take smaller images, fewer channels or"
              + " fewer time steps");
    }
  }
}
