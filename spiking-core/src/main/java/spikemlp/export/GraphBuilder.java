package spikemlp.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.export.OnnxGraph.Constant;
import spikemlp.export.OnnxGraph.ElementType;
import spikemlp.export.OnnxGraph.Node;
import spikemlp.export.OnnxGraph.Port;

/**
 * Collects nodes and constants. A value is a name; a node of one output gives it its own name, so
 * that a name in the file says where it is in the network. Not for use by several threads.
 */
final class GraphBuilder {

  /** ONNX's number for doubles. */
  private static final long DOUBLE = 11;

  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Constant> constants = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();

  /** Adds a node; its output has its name. */
  String add(String name, String operator, Map<String, Attribute> attributes, String... inputs) {
    return node(name, operator, attributes, List.of(inputs), List.of(name)).getFirst();
  }

  String add(String name, String operator, String... inputs) {
    return add(name, operator, Map.of(), inputs);
  }

  /** The value with its axes regrouped; −1 for the one axis that follows from the others. */
  String reshape(String name, String value, long... shape) {
    return add(name, "Reshape", value, wholes(shape));
  }

  String transpose(String name, String value, Long... axes) {
    return add(name, "Transpose", Map.of("perm", Attribute.of(axes)), value);
  }

  String concat(String name, long axis, List<String> values) {
    return values.size() == 1
        ? values.getFirst()
        : node(name, "Concat", Map.of("axis", Attribute.of(axis)), values, List.of(name))
            .getFirst();
  }

  /** The value in {@code count} equal parts along an axis. */
  List<String> split(String name, String value, long axis, int count) {
    if (count == 1) {
      return List.of(value);
    }
    Map<String, Attribute> attributes =
        Map.of("axis", Attribute.of(axis), "num_outputs", Attribute.of((long) count));
    List<String> parts = IntStream.range(0, count).mapToObj(i -> name + "." + i).toList();
    return node(name, "Split", attributes, List.of(value), parts);
  }

  /** The value in double precision. */
  String doubles(String name, String value) {
    return add(name, "Cast", Map.of("to", Attribute.of(DOUBLE)), value);
  }

  /** The value rounded to single precision. */
  String singles(String name, String value) {
    return add(name, "Cast", Map.of("to", Attribute.of((long) ElementType.FLOAT.code)), value);
  }

  /** Σ over the axes, which stay with size 1. */
  String sum(String name, String value, long... axes) {
    return add(name, "ReduceSum", value, wholes(axes));
  }

  /** The value as a whole number of 8 bits without a sign. */
  String bytes(String name, String value) {
    return add(name, "Cast", Map.of("to", Attribute.of((long) ElementType.UINT8.code)), value);
  }

  /** A constant of 8-bit whole numbers. */
  String bytes(String name, byte[] values, Long... shape) {
    constants.put(
        name, new Constant(name, ElementType.INT8, List.of(shape), ByteBuffer.wrap(values)));
    return name;
  }

  /** A constant of floats. */
  String floats(String name, float[] values, Long... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    constants.put(name, new Constant(name, ElementType.FLOAT, List.of(shape), raw));
    return name;
  }

  /** A constant of one float, the same for every use. */
  String scalar(float value) {
    String name = "scalar." + value;
    return constants.containsKey(name) ? name : floats(name, new float[] {value});
  }

  OnnxGraph build(List<Port> inputs, List<Port> outputs, Map<String, String> metadata) {
    return new OnnxGraph(nodes, List.copyOf(constants.values()), inputs, outputs, metadata);
  }

  private String wholes(long... values) {
    String name = "wholes." + Arrays.toString(values).replaceAll("[\\[\\] ]", "").replace(',', '.');
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asLongBuffer().put(values);
    constants.put(name, new Constant(name, ElementType.INT64, List.of((long) values.length), raw));
    return name;
  }

  private List<String> node(
      String name,
      String operator,
      Map<String, Attribute> attributes,
      List<String> inputs,
      List<String> outputs) {
    for (String output : outputs) {
      if (!names.add(output)) {
        throw new IllegalStateException("two nodes make '" + output + "'");
      }
    }
    nodes.add(new Node(name, operator, inputs, outputs, attributes));
    return outputs;
  }
}
