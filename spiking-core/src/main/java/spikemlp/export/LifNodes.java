package spikemlp.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.neuron.LifNeuron;

/**
 * Leaky integrate-and-fire neurons as elementwise nodes, unrolled over time. Potentials are in
 * units of the threshold and the charge's 1/τ is in the weights ({@link FoldedWeights}), so that a
 * step t is, in the core's order and roundings,
 *
 * <pre>
 *   h[t] = (1 − 1/τ)·v[t−1] + z[t]     charge   Mul by one constant, Add      (v[−1] = 0)
 *   f[t] = h[t] if h[t] ≥ 1, else 0    fire     ThresholdedRelu
 *   s[t] = 1 if f[t] ≥ 1, else 0       spike    Clip to [0, 1]; or h[t] ≥ 1, Cast to 8 bits
 *   v[t] = h[t] − f[t]                 reset    Sub: 0 after a spike, h[t] otherwise
 * </pre>
 */
final class LifNodes {

  /** ThresholdedRelu passes what is greater than α; this α makes that "1 or more". */
  static final float JUST_BELOW_ONE = Math.nextDown(1f);

  /** What spikes are made as. */
  enum Spikes {
    /** 0 and 1 in single precision, for products in it. */
    REAL,
    /** 0 and 1 in 8 bits, for 8-bit products. */
    BYTES
  }

  private final GraphBuilder graph;
  private final int timeSteps;
  private final float leak;

  LifNodes(GraphBuilder graph, NetworkConfig config) {
    this.graph = graph;
    this.timeSteps = config.timeSteps();
    this.leak = (float) LifNeuron.of(config).leak();
  }

  /**
   * Adds a layer of neurons whose input differs from step to step.
   *
   * @param z the states, all steps one after the other along the first axis
   * @return the spikes, of the same shape
   */
  String fire(String name, String z, Spikes as) {
    return fire(name, graph.split(name + ".step", z, 0, timeSteps), as);
  }

  /** Adds a layer of neurons; {@code z} has one value a step. */
  String fire(String name, List<String> z, Spikes as) {
    List<String> spikes = new ArrayList<>();
    String h = z.getFirst();
    for (int t = 0; t < timeSteps; t++) {
      String fired =
          graph.add(
              name + ".fire." + t,
              "ThresholdedRelu",
              Map.of("alpha", Attribute.of(JUST_BELOW_ONE)),
              h);
      spikes.add(spike(name, t, h, fired, as));
      if (t + 1 < timeSteps) {
        h = leak == 0 ? z.get(t + 1) : charge(name, t, h, fired, z.get(t + 1));
      }
    }
    return graph.concat(name, 0, spikes);
  }

  private String spike(String name, int t, String h, String fired, Spikes as) {
    String spike = name + ".spike." + t;
    return switch (as) {
      case REAL -> graph.add(spike, "Clip", fired, graph.scalar(0f), graph.scalar(1f));
      case BYTES ->
          graph.bytes(
              spike, graph.add(name + ".reached." + t, "GreaterOrEqual", h, graph.scalar(1f)));
    };
  }

  private String charge(String name, int t, String h, String fired, String next) {
    String v = graph.add(name + ".reset." + t, "Sub", h, fired);
    String leaked = graph.add(name + ".leak." + t, "Mul", v, graph.scalar(leak));
    return graph.add(name + ".charge." + (t + 1), "Add", leaked, next);
  }
}
