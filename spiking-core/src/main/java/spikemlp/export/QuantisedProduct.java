package spikemlp.export;

import java.util.List;
import spikemlp.export.FoldedWeights.Folded;

/**
 * A fully connected layer of spikes with 8-bit weights: y = (Σ q over spikes)·s + b' by output, as
 * one node of ONNX Runtime's own.
 *
 * <p>Spikes are unsigned bytes of 0 and 1 and weights signed ones, so that no instruction set's sum
 * of two products, at most 254, saturates its 16 bits. Sums are exact in whole numbers, and what
 * follows is by {@link spikemlp.network.Folding} exact in single precision.
 */
final class QuantisedProduct {

  static final String OPERATOR = OnnxGraph.RUNTIME_DOMAIN + ".MatMulIntegerToFloat";

  /** The operand that holds spikes. */
  static final int SPIKES = 0;

  /** Weights, the spikes' scale, the weights' steps and the bias. */
  static final List<Integer> CONSTANTS = List.of(1, 2, 3, 6);

  /** Operands that are left out. */
  static final List<Integer> ZERO_POINTS = List.of(4, 5);

  private QuantisedProduct() {}

  /** {@code [M, inputs] → [M, outputs]}. */
  static String add(
      GraphBuilder graph, String name, String spikes, Folded folded, int outputs, int inputs) {
    byte[] columns = new byte[inputs * outputs];
    for (int i = 0; i < columns.length; i++) {
      columns[i % inputs * outputs + i / inputs] = folded.quantised()[i];
    }
    return graph.add(
        name,
        OPERATOR,
        spikes,
        graph.bytes(name + ".weight", columns, (long) inputs, (long) outputs),
        graph.scalar(1f),
        graph.floats(name + ".step", folded.step(), (long) outputs),
        "",
        "",
        graph.floats(name + ".bias", folded.bias(), (long) outputs));
  }
}
