package spikemlp.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.neuron.LifNeuron;

/**
 * Leaky integrate-and-fire neurons as elementwise nodes, unrolled over time. Potentials are in
 * units of the threshold, the charge's 1/τ is in the weights ({@link FoldedWeights}), and so is a
 * sign: what comes in and is kept are negative potentials, z = −z', g = −h and u = −v, because a
 * node that zeroes what is too low is then the reset. A step t is, in the core's order and
 * roundings, which a sign changes nothing of,
 *
 * <pre>
 *   g[t] = (1 − 1/τ)·u[t−1] + z[t]     charge   Mul by one constant, Add      (u[−1] = 0)
 *   s[t] = 1 if g[t] ≤ −1, else 0      spike    LessOrEqual, Cast
 *   u[t] = g[t] if g[t] &gt; −1, else 0   reset    ThresholdedRelu
 * </pre>
 */
final class LifNodes {

  /** The negative potential at which a neuron fires. */
  static final float THRESHOLD = -1f;

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
   * @param z the states, negative, all steps one after the other along the first axis
   * @return the spikes, of the same shape
   */
  String fire(String name, String z, Spikes as) {
    return fire(name, graph.split(name + ".step", z, 0, timeSteps), as);
  }

  /** Adds a layer of neurons; {@code z} has one value a step. */
  String fire(String name, List<String> z, Spikes as) {
    List<String> spikes = new ArrayList<>();
    String g = z.getFirst();
    for (int t = 0; t < timeSteps; t++) {
      spikes.add(spike(name, t, g, as));
      if (t + 1 < timeSteps) {
        g = leak == 0 ? z.get(t + 1) : charge(name, t, g, z.get(t + 1));
      }
    }
    return graph.concat(name, 0, spikes);
  }

  private String spike(String name, int t, String g, Spikes as) {
    String spike = name + ".spike." + t;
    String fired = graph.add(name + ".fire." + t, "LessOrEqual", g, graph.scalar(THRESHOLD));
    return switch (as) {
      case REAL -> graph.singles(spike, fired);
      case BYTES -> graph.bytes(spike, fired);
    };
  }

  private String charge(String name, int t, String g, String next) {
    Map<String, Attribute> threshold = Map.of("alpha", Attribute.of(THRESHOLD));
    String u = graph.add(name + ".reset." + t, "ThresholdedRelu", threshold, g);
    String leaked = graph.add(name + ".leak." + t, "Mul", u, graph.scalar(leak));
    return graph.add(name + ".charge." + (t + 1), "Add", leaked, next);
  }
}
