package spikemlp.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An ONNX model: nodes in the order they run, constants, and what goes in and out.
 *
 * @param nodes each reads only constants, graph inputs and what earlier nodes made
 * @param constants the initializers
 * @param metadata {@code metadata_props}
 */
record OnnxGraph(
    List<Node> nodes,
    List<Constant> constants,
    List<Port> inputs,
    List<Port> outputs,
    Map<String, String> metadata) {

  /** The version of ONNX's standard operators that the nodes mean. */
  static final int OPSET = 18;

  /** The domain of ONNX Runtime's own operators; its name ends before an operator's. */
  static final String RUNTIME_DOMAIN = "com.microsoft";

  /** The version of {@link #RUNTIME_DOMAIN}'s operators. */
  static final int RUNTIME_OPSET = 1;

  OnnxGraph {
    nodes = List.copyOf(nodes);
    constants = List.copyOf(constants);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    metadata = Map.copyOf(metadata);
  }

  /**
   * One operator.
   *
   * @param name unique in the graph
   * @param operator with its domain ahead and a dot, if that is not the standard one
   * @param attributes by name, sorted
   */
  record Node(
      String name,
      String operator,
      List<String> inputs,
      List<String> outputs,
      Map<String, Attribute> attributes) {

    Node {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      attributes = new TreeMap<>(attributes);
    }
  }

  /** The value of an attribute. */
  sealed interface Attribute {
    /** An integer. */
    record Whole(long value) implements Attribute {}

    /** A number in single precision. */
    record Real(float value) implements Attribute {}

    /** A list of integers. */
    record Wholes(List<Long> values) implements Attribute {
      public Wholes {
        values = List.copyOf(values);
      }
    }

    /** Anything else, which this exporter never writes. */
    record Other() implements Attribute {}

    static Attribute of(long value) {
      return new Whole(value);
    }

    static Attribute of(float value) {
      return new Real(value);
    }

    static Attribute of(Long... values) {
      return new Wholes(List.of(values));
    }
  }

  /** The type of a constant's elements, by ONNX's number. */
  enum ElementType {
    FLOAT(1, Float.BYTES),
    UINT8(2, Byte.BYTES),
    INT8(3, Byte.BYTES),
    INT64(7, Long.BYTES);

    final int code;
    final int bytes;

    ElementType(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    static ElementType of(long code) {
      for (ElementType type : values()) {
        if (type.code == code) {
          return type;
        }
      }
      throw new IllegalArgumentException("constants of element type " + code + " are not known");
    }
  }

  /**
   * An initializer.
   *
   * @param raw the elements, row-major, little-endian; held, not copied
   */
  record Constant(String name, ElementType type, List<Long> shape, ByteBuffer raw) {

    Constant {
      shape = List.copyOf(shape);
      raw = raw.slice().order(ByteOrder.LITTLE_ENDIAN);
      long elements = shape.stream().reduce(1L, (a, b) -> a * b);
      if (raw.remaining() != elements * type.bytes) {
        throw new IllegalArgumentException(
            "constant '"
                + name
                + "' of shape "
                + shape
                + " has "
                + raw.remaining()
                + " bytes, where "
                + elements * type.bytes
                + " are right");
      }
    }

    int elements() {
      return raw.capacity() / type.bytes;
    }

    float asFloat(int index) {
      return raw.getFloat(index * Float.BYTES);
    }
  }

  /**
   * A graph input or output of floats.
   *
   * @param shape sizes; an axis whose size is free is named instead
   */
  record Port(String name, List<Axis> shape) {
    Port {
      shape = List.copyOf(shape);
    }
  }

  /** One axis of a port: a fixed size, or the name of a free one, whose size is then 0. */
  record Axis(long size, String name) {
    static Axis of(long size) {
      return new Axis(size, "");
    }

    static Axis free(String name) {
      return new Axis(0, name);
    }
  }
}
