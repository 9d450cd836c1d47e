package spikemlp.registry.imports;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import spikemlp.contract.card.ModelCard;

/**
 * Walks an ONNX file that comes from elsewhere and collects what stands against it: data outside
 * the file, wherever a tensor may lie; operators that the platform's own export does not use;
 * functions and training graphs; element types, sizes and counts out of bounds; inputs and outputs
 * that the card does not describe. The field numbers are those of {@code onnx.proto}
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
final class OnnxCheck {

  /** The operators of {@code docs/export.md}, and Sub, of which resets were made before. */
  static final Set<String> OPERATORS =
      Set.of(
          "Add",
          "Cast",
          "Clip",
          "Concat",
          "Conv",
          "Gemm",
          "LessOrEqual",
          "MatMul",
          "Mul",
          "ReduceSum",
          "Reshape",
          "Round",
          "Split",
          "Sub",
          "ThresholdedRelu",
          "Transpose");

  private static final long OLDEST_OPSET = 13;
  private static final long NEWEST_OPSET = 18;
  private static final int DEEPEST = 16;
  private static final int MOST_NODES = 200_000;
  private static final int MOST_TENSORS = 200_000;
  private static final int LONGEST_NAME = 4096;
  private static final int LONGEST_PROPERTY = 10 << 20;
  private static final long EXTERNAL = 1;
  private static final int MOST_PROBLEMS = 20;

  /** Bytes of an element by {@code TensorProto.DataType}: FLOAT, INT32, INT64, DOUBLE. */
  private static final Map<Long, Integer> ELEMENT_BYTES = Map.of(1L, 4, 6L, 4, 7L, 8, 11L, 8);

  /** A graph's input or output: a size is −1 where it is free. */
  private record Port(String name, List<Long> shape) {}

  private final long fileSize;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, String> metadata = new HashMap<>();
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final Set<String> constants = new HashSet<>();
  private final Set<String> strangeOperators = new TreeSet<>();
  private int nodes;
  private int tensors;
  private boolean graph;
  private boolean standardOpset;

  private OnnxCheck(long fileSize) {
    this.fileSize = fileSize;
  }

  /**
   * What was found.
   *
   * @param problems in words; empty if the file may be taken
   * @param card the model card's JSON in the file's metadata
   */
  record Findings(List<String> problems, Optional<String> card) {
    Findings {
      problems = List.copyOf(problems);
    }
  }

  /**
   * Checks a file.
   *
   * @param size its bytes
   * @param card what it is said to be
   * @throws IOException if it cannot be read, or is no ONNX file; the message says where
   */
  static Findings check(InputStream file, long size, ModelCard card) throws IOException {
    OnnxCheck check = new OnnxCheck(size);
    check.model(new ProtoStream(file, size));
    check.conclude(card);
    return new Findings(
        check.problems, Optional.ofNullable(check.metadata.get(ModelCard.METADATA_KEY)));
  }

  private void problem(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    }
  }

  private void model(ProtoStream model) throws IOException {
    for (int field = model.next(); field != 0; field = model.next()) {
      switch (field) {
        case 7 -> {
          graph = true;
          graph(model.message(), 0);
        }
        case 8 -> opset(model.message());
        case 14 -> property(model.message());
        case 20 -> {
          problem("it has a training graph");
          training(model.message());
        }
        case 25 -> {
          problem("it defines functions of its own");
          function(model.message());
        }
        default -> model.skip();
      }
    }
  }

  private void opset(ProtoStream opset) throws IOException {
    String domain = "";
    long version = 0;
    for (int field = opset.next(); field != 0; field = opset.next()) {
      switch (field) {
        case 1 -> domain = opset.text(LONGEST_NAME);
        case 2 -> version = opset.varint();
        default -> opset.skip();
      }
    }
    if (!standard(domain)) {
      problem("it needs operators of the domain '" + domain + "'");
    } else {
      standardOpset = true;
      if (version < OLDEST_OPSET || version > NEWEST_OPSET) {
        problem(
            "its opset is " + version + "; " + OLDEST_OPSET + " to " + NEWEST_OPSET + " are taken");
      }
    }
  }

  private static boolean standard(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  private void property(ProtoStream property) throws IOException {
    String key = "";
    String value = "";
    for (int field = property.next(); field != 0; field = property.next()) {
      switch (field) {
        case 1 -> key = property.text(LONGEST_NAME);
        case 2 -> value = property.text(LONGEST_PROPERTY);
        default -> property.skip();
      }
    }
    if (metadata.put(key, value) != null) {
      problem("its metadata has '" + key + "' twice");
    }
  }

  private void training(ProtoStream training) throws IOException {
    for (int field = training.next(); field != 0; field = training.next()) {
      switch (field) {
        case 1, 2 -> graph(training.message(), 1);
        default -> training.skip();
      }
    }
  }

  private void function(ProtoStream function) throws IOException {
    for (int field = function.next(); field != 0; field = function.next()) {
      switch (field) {
        case 7 -> node(function.message(), 1);
        case 11 -> attribute(function.message(), 1);
        default -> function.skip();
      }
    }
  }

  private void graph(ProtoStream message, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("graphs are nested deeper than " + DEEPEST);
    }
    for (int field = message.next(); field != 0; field = message.next()) {
      switch (field) {
        case 1 -> node(message.message(), depth);
        case 5 -> constants.add(tensor(message.message()));
        case 11 -> port(message.message(), depth, inputs);
        case 12 -> port(message.message(), depth, outputs);
        case 15 -> sparseTensor(message.message());
        default -> message.skip();
      }
    }
  }

  private void node(ProtoStream node, int depth) throws IOException {
    if (++nodes > MOST_NODES) {
      throw new IOException("it has more than " + MOST_NODES + " nodes");
    }
    String operator = "";
    String domain = "";
    for (int field = node.next(); field != 0; field = node.next()) {
      switch (field) {
        case 4 -> operator = node.text(LONGEST_NAME);
        case 5 -> attribute(node.message(), depth);
        case 7 -> domain = node.text(LONGEST_NAME);
        default -> node.skip();
      }
    }
    if (!standard(domain) || !OPERATORS.contains(operator)) {
      strangeOperators.add(standard(domain) ? operator : domain + "." + operator);
    }
  }

  private void attribute(ProtoStream attribute, int depth) throws IOException {
    for (int field = attribute.next(); field != 0; field = attribute.next()) {
      switch (field) {
        case 5, 10 -> tensor(attribute.message());
        case 6, 11 -> graph(attribute.message(), depth + 1);
        case 22, 23 -> sparseTensor(attribute.message());
        default -> attribute.skip();
      }
    }
  }

  private void sparseTensor(ProtoStream sparse) throws IOException {
    for (int field = sparse.next(); field != 0; field = sparse.next()) {
      switch (field) {
        case 1, 2 -> constants.add(tensor(sparse.message()));
        default -> sparse.skip();
      }
    }
  }

  private String tensor(ProtoStream tensor) throws IOException {
    if (++tensors > MOST_TENSORS) {
      throw new IOException("it has more than " + MOST_TENSORS + " tensors");
    }
    String name = "";
    long type = 0;
    long raw = -1;
    List<Long> shape = new ArrayList<>();
    boolean external = false;
    for (int field = tensor.next(); field != 0; field = tensor.next()) {
      switch (field) {
        case 1 -> sizes(tensor, shape);
        case 2 -> type = tensor.varint();
        case 8 -> name = tensor.text(LONGEST_NAME);
        case 9 -> raw = tensor.skip();
        case 13 -> {
          external = true;
          tensor.skip();
        }
        case 14 -> external |= tensor.varint() == EXTERNAL;
        default -> tensor.skip();
      }
    }
    if (external) {
      problem("the values of tensor '" + name + "' lie outside the file");
    }
    bounds(name, type, shape, raw);
    return name;
  }

  private static void sizes(ProtoStream tensor, List<Long> shape) throws IOException {
    if (tensor.is(ProtoStream.VARINT)) {
      shape.add(tensor.varint());
      return;
    }
    tensor.packed(shape);
  }

  private void bounds(String name, long type, List<Long> shape, long raw) {
    Integer width = ELEMENT_BYTES.get(type);
    if (width == null) {
      problem("tensor '" + name + "' has element type " + type + "; 1, 6, 7 and 11 are taken");
      return;
    }
    double elements = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
    if (shape.stream().anyMatch(size -> size < 0) || elements * width > fileSize) {
      problem("tensor '" + name + "' of shape " + shape + " has more values than the file holds");
    } else if (raw >= 0 && raw != (long) (elements * width)) {
      problem("tensor '" + name + "' of shape " + shape + " has " + raw + " bytes of values");
    }
  }

  private static void port(ProtoStream message, int depth, List<Port> ports) throws IOException {
    String name = "";
    List<Long> shape = new ArrayList<>();
    for (int field = message.next(); field != 0; field = message.next()) {
      switch (field) {
        case 1 -> name = message.text(LONGEST_NAME);
        case 2 -> type(message.message(), shape);
        default -> message.skip();
      }
    }
    if (depth == 0) {
      ports.add(new Port(name, shape));
    }
  }

  /** TypeProto 1 → Tensor 2 → TensorShapeProto 1 → Dimension. */
  private static void type(ProtoStream type, List<Long> shape) throws IOException {
    for (int field = type.next(); field != 0; field = type.next()) {
      if (field != 1) {
        type.skip();
        continue;
      }
      ProtoStream tensor = type.message();
      for (int inner = tensor.next(); inner != 0; inner = tensor.next()) {
        if (inner == 2) {
          shape(tensor.message(), shape);
        } else {
          tensor.skip();
        }
      }
    }
  }

  private static void shape(ProtoStream dimensions, List<Long> shape) throws IOException {
    for (int field = dimensions.next(); field != 0; field = dimensions.next()) {
      if (field != 1) {
        dimensions.skip();
        continue;
      }
      long size = -1;
      ProtoStream dimension = dimensions.message();
      for (int inner = dimension.next(); inner != 0; inner = dimension.next()) {
        if (inner == 1) {
          size = dimension.varint();
        } else {
          dimension.skip();
        }
      }
      shape.add(size);
    }
  }

  private void conclude(ModelCard card) {
    if (!graph) {
      problem("it has no graph");
    }
    if (!standardOpset) {
      problem("it names no opset of the standard operators");
    }
    if (!strangeOperators.isEmpty()) {
      problem(
          "it uses "
              + String.join(", ", strangeOperators.stream().limit(MOST_PROBLEMS).toList())
              + "; the operators taken are "
              + String.join(", ", new TreeSet<>(OPERATORS)));
    }
    List<Port> free = inputs.stream().filter(port -> !constants.contains(port.name())).toList();
    long height = card.input().height();
    long width = card.input().width();
    if (free.size() != 1 || !free.getFirst().name().equals(ModelCard.INPUT_NAME)) {
      problem(
          "its inputs are "
              + free.stream().map(Port::name).toList()
              + "; there must be one, "
              + ModelCard.INPUT_NAME);
    } else {
      shapeOf(free.getFirst(), List.of(-1L, 3L, height, width));
    }
    output(ModelCard.LOGITS_NAME, card.network().classes());
    output(ModelCard.SPIKES_NAME, card.topology().neurons().size());
    if (!card.topology().windows().isEmpty()) {
      output(ModelCard.WINDOWS_NAME, card.topology().windows().size());
    }
  }

  private void output(String name, long columns) {
    outputs.stream()
        .filter(port -> port.name().equals(name))
        .findFirst()
        .ifPresentOrElse(
            port -> shapeOf(port, List.of(-1L, columns)),
            () -> problem("it has no output '" + name + "'"));
  }

  /** −1 is a free batch. */
  private void shapeOf(Port port, List<Long> expected) {
    boolean fits = port.shape().size() == expected.size();
    for (int i = 1; fits && i < expected.size(); i++) {
      fits = port.shape().get(i).equals(expected.get(i));
    }
    if (!fits || port.shape().getFirst() >= 0) {
      problem(
          "'"
              + port.name()
              + "' has the shape "
              + port.shape()
              + ", by the card it is "
              + expected
              + ", where −1 is a free batch");
    }
  }
}
