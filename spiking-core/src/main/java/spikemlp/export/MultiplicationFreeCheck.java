package spikemlp.export;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.export.OnnxGraph.Constant;
import spikemlp.export.OnnxGraph.Node;

/**
 * Proves of a graph that every product but the first layer's adds weights of spikes.
 *
 * <p>It walks the nodes in order and derives for each value which numbers it can be ({@link
 * Values}). A MatMul, Gemm, Conv or Mul must have an operand that is binary, or a sum of such.
 * Allowed besides are three kinds of product, none of which grows with the fan-out:
 *
 * <ul>
 *   <li>the first layer: the one product that reads the graph's input, computed once an image. The
 *       input may be clipped, rounded, scaled by a power of two, cast and moved before;
 *   <li>the neuron's leak: a potential after its reset times one constant, a membrane update (at τ
 *       = 2 the constant is ½, a shift);
 *   <li>the step of 8-bit weights: a sum of them over spikes times one constant an output, once for
 *       each neuron and time step.
 * </ul>
 *
 * An operator that the walk does not know is refused, whatever it does.
 */
final class MultiplicationFreeCheck {

  /** Which numbers a value can be. */
  private enum Values {
    /** 0 and 1: spikes. */
    BINARY,
    /** Non-negative integers that are sums of spikes. */
    COUNT,
    /** The potential after its reset: 0 where a neuron fired. */
    POTENTIAL,
    /** The graph's input, or what was made of it number by number. */
    INPUT,
    /** Weights. */
    CONSTANT,
    /** Any number. */
    REAL
  }

  private final Map<String, Values> values = new HashMap<>();
  private final Map<String, Constant> constants = new HashMap<>();
  private String firstLayer = "";

  private MultiplicationFreeCheck(OnnxGraph graph) {
    graph.inputs().forEach(port -> values.put(port.name(), Values.INPUT));
    for (Constant constant : graph.constants()) {
      constants.put(constant.name(), constant);
      values.put(constant.name(), Values.CONSTANT);
    }
  }

  /**
   * Walks a graph.
   *
   * @throws NotMultiplicationFreeException at the first node that may multiply
   */
  static void require(OnnxGraph graph) {
    MultiplicationFreeCheck check = new MultiplicationFreeCheck(graph);
    for (Node node : graph.nodes()) {
      Values result = check.result(node);
      node.outputs().forEach(output -> check.values.put(output, result));
    }
  }

  /** Whether {@link #require} finds nothing. */
  static boolean holds(OnnxGraph graph) {
    try {
      require(graph);
      return true;
    } catch (NotMultiplicationFreeException e) {
      return false;
    }
  }

  private Values result(Node node) {
    return switch (node.operator()) {
      case "MatMul", "Gemm", "Conv" -> product(node);
      case "Mul" -> elementwiseProduct(node);
      case QuantisedProduct.OPERATOR -> scaledSum(node);
      case "LessOrEqual" -> Values.BINARY;
      case "Round" -> of(node, 0) == Values.INPUT ? Values.INPUT : Values.REAL;
      case "ThresholdedRelu" -> reset(node);
      case "Clip" -> clipped(node);
      case "Add" -> addition(of(node, 0), of(node, 1));
      case "ReduceSum" -> counted(of(node, 0)) ? Values.COUNT : Values.REAL;
      case "Concat" ->
          node.inputs().stream()
              .map(input -> valuesOf(node, input))
              .reduce(this::joined)
              .orElse(Values.REAL);
      case "Reshape", "Transpose", "Split", "Cast" -> moved(of(node, 0));
      default -> throw refused(node, "the check does not know this operator");
    };
  }

  /** A product of two values; a third input is a bias, which is added. */
  private Values product(Node node) {
    for (String scale : List.of("alpha", "beta")) {
      Attribute factor = node.attributes().getOrDefault(scale, Attribute.of(1f));
      if (!factor.equals(Attribute.of(1f))) {
        throw refused(node, "it scales by attribute " + scale + " = " + factor);
      }
    }
    if (counted(of(node, 0)) || counted(of(node, 1))) {
      return Values.REAL;
    }
    boolean readsInput = of(node, 0) == Values.INPUT && of(node, 1) == Values.CONSTANT;
    if (readsInput && firstLayer.isEmpty()) {
      firstLayer = node.name();
      return Values.REAL;
    }
    throw refused(node, readsInput ? "the first layer is '" + firstLayer + "'" : neither(node));
  }

  /** Sums of 8-bit weights of spikes, each sum times its output's step. */
  private Values scaledSum(Node node) {
    Values spikes = of(node, QuantisedProduct.SPIKES);
    if (spikes != Values.BINARY) {
      throw refused(
          node,
          "'" + node.inputs().get(QuantisedProduct.SPIKES) + "' is " + spikes + ", not spikes");
    }
    for (int input : QuantisedProduct.CONSTANTS) {
      if (of(node, input) != Values.CONSTANT) {
        throw refused(node, "'" + node.inputs().get(input) + "' is no constant");
      }
    }
    for (int zeroPoint : QuantisedProduct.ZERO_POINTS) {
      if (!node.inputs().get(zeroPoint).isEmpty()) {
        throw refused(node, "it has a zero point, so that what did not fire is multiplied too");
      }
    }
    return Values.REAL;
  }

  private Values elementwiseProduct(Node node) {
    Values a = of(node, 0);
    Values b = of(node, 1);
    if (counted(a) || counted(b)) {
      return Values.REAL;
    }
    if (a == Values.POTENTIAL && scalar(node.inputs().get(1))) {
      return Values.REAL;
    }
    if (a == Values.INPUT && powerOfTwo(node.inputs().get(1))) {
      return Values.INPUT;
    }
    throw refused(node, neither(node));
  }

  private static Values reset(Node node) {
    boolean atThreshold = Attribute.of(LifNodes.THRESHOLD).equals(node.attributes().get("alpha"));
    return atThreshold ? Values.POTENTIAL : Values.REAL;
  }

  private Values clipped(Node node) {
    boolean input = of(node, 0) == Values.INPUT;
    return input && node.inputs().stream().skip(1).allMatch(this::scalar)
        ? Values.INPUT
        : Values.REAL;
  }

  private Values addition(Values a, Values b) {
    return counted(a) && counted(b) ? Values.COUNT : Values.REAL;
  }

  private Values joined(Values a, Values b) {
    if (a == b) {
      return moved(a);
    }
    return counted(a) && counted(b) ? Values.COUNT : Values.REAL;
  }

  /** The same numbers in another place; a leak reads its operand in place. */
  private static Values moved(Values from) {
    return switch (from) {
      case BINARY, COUNT, CONSTANT, INPUT -> from;
      case POTENTIAL, REAL -> Values.REAL;
    };
  }

  private static boolean counted(Values value) {
    return value == Values.BINARY || value == Values.COUNT;
  }

  private boolean scalar(String name) {
    Constant constant = constants.get(name);
    return constant != null && constant.elements() == 1;
  }

  private boolean powerOfTwo(String name) {
    Constant constant = constants.get(name);
    if (constant == null || constant.elements() != 1) {
      return false;
    }
    double value = constant.asFloat(0);
    return Double.isFinite(value) && value == Math.scalb(1.0, Math.getExponent(value));
  }

  private Values of(Node node, int input) {
    if (input >= node.inputs().size()) {
      throw refused(node, "it has no operand " + input);
    }
    return valuesOf(node, node.inputs().get(input));
  }

  private Values valuesOf(Node node, String input) {
    Values known = values.get(input);
    if (known == null) {
      throw refused(node, "operand '" + input + "' is made by no earlier node");
    }
    return known;
  }

  private String neither(Node node) {
    return "neither operand is binary; '"
        + node.inputs().get(0)
        + "' is "
        + of(node, 0)
        + ", '"
        + node.inputs().get(1)
        + "' is "
        + of(node, 1);
  }

  private static NotMultiplicationFreeException refused(Node node, String reason) {
    return new NotMultiplicationFreeException(node.name(), node.operator(), reason);
  }
}
