package spikemlp.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.export.OnnxGraph.Axis;
import spikemlp.export.OnnxGraph.Constant;
import spikemlp.export.OnnxGraph.ElementType;
import spikemlp.export.OnnxGraph.Node;
import spikemlp.export.OnnxGraph.Port;

/**
 * Writes and reads the part of the ONNX format that {@link OnnxGraph} holds. The field numbers are
 * those of {@code onnx.proto} (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
final class OnnxFile {

  private static final int IR_VERSION = 8;
  private static final int FLOAT = 1;
  private static final String PRODUCER = "SpikeMLP";
  private static final String PRODUCER_VERSION = "0.1.0";

  private OnnxFile() {}

  /** The model as a message: the same graph gives the same bytes. */
  static ProtoMessage encode(OnnxGraph graph) {
    ProtoMessage model =
        new ProtoMessage()
            .integer(1, IR_VERSION)
            .text(2, PRODUCER)
            .text(3, PRODUCER_VERSION)
            .message(7, graphMessage(graph))
            .message(8, new ProtoMessage().text(1, "").integer(2, OnnxGraph.OPSET));
    if (graph.nodes().stream().anyMatch(node -> runtimeOperator(node).isPresent())) {
      model.message(
          8,
          new ProtoMessage().text(1, OnnxGraph.RUNTIME_DOMAIN).integer(2, OnnxGraph.RUNTIME_OPSET));
    }
    new TreeMap<>(graph.metadata())
        .forEach((key, value) -> model.message(14, new ProtoMessage().text(1, key).text(2, value)));
    return model;
  }

  /**
   * Reads a model; constants stay views of the mapped file.
   *
   * @throws IllegalArgumentException if the file is not an ONNX model
   * @throws ExportException if it cannot be read
   */
  static OnnxGraph read(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return model(new ProtoReader(bytes));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + " is not an ONNX model: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ExportException(path, "cannot be read: " + e, e);
    }
  }

  private static ProtoMessage graphMessage(OnnxGraph graph) {
    ProtoMessage message = new ProtoMessage();
    graph.nodes().forEach(node -> message.message(1, nodeMessage(node)));
    message.text(2, "spiking_mlp");
    graph.constants().forEach(constant -> message.message(5, constantMessage(constant)));
    graph.inputs().forEach(port -> message.message(11, portMessage(port)));
    graph.outputs().forEach(port -> message.message(12, portMessage(port)));
    return message;
  }

  private static ProtoMessage nodeMessage(Node node) {
    ProtoMessage message = new ProtoMessage();
    node.inputs().forEach(input -> message.text(1, input));
    node.outputs().forEach(output -> message.text(2, output));
    message.text(3, node.name()).text(4, runtimeOperator(node).orElse(node.operator()));
    node.attributes().forEach((name, value) -> message.message(5, attributeMessage(name, value)));
    return runtimeOperator(node).isPresent() ? message.text(7, OnnxGraph.RUNTIME_DOMAIN) : message;
  }

  /** The operator's name within ONNX Runtime's domain, if it is of that. */
  private static Optional<String> runtimeOperator(Node node) {
    String domain = OnnxGraph.RUNTIME_DOMAIN + ".";
    return node.operator().startsWith(domain)
        ? Optional.of(node.operator().substring(domain.length()))
        : Optional.empty();
  }

  private static ProtoMessage attributeMessage(String name, Attribute attribute) {
    ProtoMessage message = new ProtoMessage().text(1, name);
    switch (attribute) {
      case Attribute.Real(float value) -> message.real(2, value).integer(20, 1);
      case Attribute.Whole(long value) -> message.integer(3, value).integer(20, 2);
      case Attribute.Wholes(List<Long> values) -> {
        values.forEach(value -> message.integer(8, value));
        message.integer(20, 7);
      }
      case Attribute.Other() ->
          throw new IllegalArgumentException("attribute '" + name + "' cannot be written");
    }
    return message;
  }

  private static ProtoMessage constantMessage(Constant constant) {
    ProtoMessage message = new ProtoMessage();
    constant.shape().forEach(size -> message.integer(1, size));
    byte[] raw = new byte[constant.raw().remaining()];
    constant.raw().get(0, raw);
    return message.integer(2, constant.type().code).text(8, constant.name()).bytes(9, raw);
  }

  private static ProtoMessage portMessage(Port port) {
    ProtoMessage shape = new ProtoMessage();
    for (Axis axis : port.shape()) {
      ProtoMessage dimension = new ProtoMessage();
      shape.message(
          1,
          axis.name().isEmpty()
              ? dimension.integer(1, axis.size())
              : dimension.text(2, axis.name()));
    }
    ProtoMessage tensor = new ProtoMessage().integer(1, FLOAT).message(2, shape);
    return new ProtoMessage()
        .text(1, port.name())
        .message(2, new ProtoMessage().message(1, tensor));
  }

  private static OnnxGraph model(ProtoReader reader) {
    List<Node> nodes = new ArrayList<>();
    List<Constant> constants = new ArrayList<>();
    List<Port> inputs = new ArrayList<>();
    List<Port> outputs = new ArrayList<>();
    Map<String, String> metadata = new TreeMap<>();
    boolean graph = false;
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 7 -> {
          graph = true;
          graph(reader.message(), nodes, constants, inputs, outputs);
        }
        case 14 -> property(reader.message(), metadata);
        case 25 -> throw new IllegalArgumentException("it defines functions of its own");
        default -> reader.skip();
      }
    }
    if (!graph) {
      throw new IllegalArgumentException("it has no graph");
    }
    return new OnnxGraph(nodes, constants, inputs, outputs, metadata);
  }

  private static void graph(
      ProtoReader reader,
      List<Node> nodes,
      List<Constant> constants,
      List<Port> inputs,
      List<Port> outputs) {
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> nodes.add(node(reader.message()));
        case 5 -> constants.add(constant(reader.message()));
        case 11 -> inputs.add(port(reader.message()));
        case 12 -> outputs.add(port(reader.message()));
        default -> reader.skip();
      }
    }
  }

  private static Node node(ProtoReader reader) {
    List<String> inputs = new ArrayList<>();
    List<String> outputs = new ArrayList<>();
    Map<String, Attribute> attributes = new TreeMap<>();
    String name = "";
    String operator = "";
    String domain = "";
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> inputs.add(reader.text());
        case 2 -> outputs.add(reader.text());
        case 3 -> name = reader.text();
        case 4 -> operator = reader.text();
        case 5 -> attribute(reader.message(), attributes);
        case 7 -> domain = reader.text();
        default -> reader.skip();
      }
    }
    String qualified = domain.isEmpty() ? operator : domain + "." + operator;
    return new Node(name, qualified, inputs, outputs, attributes);
  }

  private static void attribute(ProtoReader reader, Map<String, Attribute> attributes) {
    String name = "";
    Attribute value = new Attribute.Other();
    List<Long> wholes = new ArrayList<>();
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> name = reader.text();
        case 2 -> value = new Attribute.Real(reader.real());
        case 3 -> value = new Attribute.Whole(reader.integer());
        case 8 -> {
          wholes.add(reader.integer());
          value = new Attribute.Wholes(wholes);
        }
        default -> reader.skip();
      }
    }
    attributes.put(name, value);
  }

  private static Constant constant(ProtoReader reader) {
    List<Long> shape = new ArrayList<>();
    ElementType type = ElementType.FLOAT;
    String name = "";
    ByteBuffer raw = ByteBuffer.allocate(0);
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> shape.add(reader.integer());
        case 2 -> type = ElementType.of(reader.integer());
        case 8 -> name = reader.text();
        case 9 -> raw = reader.chunk();
        default -> reader.skip();
      }
    }
    return new Constant(name, type, shape, raw);
  }

  private static Port port(ProtoReader reader) {
    String name = "";
    List<Axis> shape = new ArrayList<>();
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> name = reader.text();
        case 2 -> type(reader.message(), shape);
        default -> reader.skip();
      }
    }
    return new Port(name, shape);
  }

  /** TypeProto 1 → Tensor 2 → TensorShapeProto 1 → Dimension: 1 size, 2 name. */
  private static void type(ProtoReader reader, List<Axis> shape) {
    nested(
        reader,
        1,
        tensor -> nested(tensor, 2, sizes -> nested(sizes, 1, axis -> axis(axis, shape))));
  }

  private static void axis(ProtoReader reader, List<Axis> shape) {
    Axis axis = Axis.free("");
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> axis = Axis.of(reader.integer());
        case 2 -> axis = Axis.free(reader.text());
        default -> reader.skip();
      }
    }
    shape.add(axis);
  }

  private static void nested(ProtoReader reader, int wanted, Consumer<ProtoReader> then) {
    for (int field = reader.next(); field != 0; field = reader.next()) {
      if (field == wanted) {
        then.accept(reader.message());
      } else {
        reader.skip();
      }
    }
  }

  private static void property(ProtoReader reader, Map<String, String> metadata) {
    String key = "";
    String value = "";
    for (int field = reader.next(); field != 0; field = reader.next()) {
      switch (field) {
        case 1 -> key = reader.text();
        case 2 -> value = reader.text();
        default -> reader.skip();
      }
    }
    metadata.put(key, value);
  }
}
