package spikemlp.inference.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import spikemlp.inference.serve.RequestBody;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a request as it arrives: the JSON token by token, so that a tensor of a million numbers is
 * no tree of a million nodes, then the binary data of its inputs in their order.
 *
 * <pre>
 * body = JSON                                                no Inference-Header-Content-Length
 * body = JSON of so many bytes, binary data of each input    with it
 * </pre>
 */
final class InferRequestReader {

  private static final int DEPTH = 32;
  private static final int NAMES = 64;
  private static final int STRINGS = 1024;

  /** What the JSON library tells its programmer, not our caller. */
  private static final Pattern LIBRARYS_HINTS =
      Pattern.compile(
          ": enable `[^`]*` to allow| \\(start marker at \\[Source: [^]]*]\\)|, from `[^`]*`| in VALUE_\\w+");

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final RequestBody body;
  private final JsonParser json;
  private @Nullable String id;
  private Map<String, Object> parameters = Map.of();
  private final List<InferInput> inputs = new ArrayList<>();
  private @Nullable List<InferOutput> outputs;

  private InferRequestReader(RequestBody body, InputStream head) {
    this.body = body;
    this.json = JSON.createParser(ObjectReadContext.empty(), head);
  }

  /**
   * Reads a request whole.
   *
   * @param headerLength the value of {@link BinaryTail#HEADER_LENGTH}, if it was sent
   * @throws spikemlp.problem.ProblemException 400 naming what is wrong; 408 and 413 as {@link
   *     RequestBody} says
   */
  static InferRequest read(RequestBody body, Optional<String> headerLength) throws IOException {
    BinaryTail tail = BinaryTail.of(body, headerLength);
    InferRequestReader reader = new InferRequestReader(body, tail.json());
    try (JsonParser json = reader.json) {
      reader.root();
      json.nextToken();
      if (json.currentToken() != null) {
        throw BadRequest.because("something follows the request's JSON object: " + reader.found());
      }
    } catch (JacksonIOException e) {
      throw e.getCause();
    } catch (JacksonException e) {
      throw BadRequest.because(
          "the JSON cannot be read: "
              + LIBRARYS_HINTS.matcher(e.getOriginalMessage()).replaceAll("")
              + tail.whereTheJsonIs());
    }
    return new InferRequest(reader.id, reader.parameters, tail.read(reader.inputs), reader.outputs);
  }

  private void root() {
    JsonToken first = json.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw BadRequest.because(
          first == null
              ? "the body is empty; it is a JSON object with 'inputs'"
              : "the body is a JSON object with 'inputs', not " + found());
    }
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      switch (name) {
        case "id" -> id = json.currentToken() == JsonToken.VALUE_NULL ? null : text("'id'");
        case "parameters" -> parameters = parameters("of the request");
        case "inputs" -> inputs();
        case "outputs" -> outputs = outputs();
        default -> json.skipChildren();
      }
    }
  }

  /** The current token in the words of JSON. */
  private String found() {
    return switch (json.currentToken()) {
      case null -> "its end";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + json.getString();
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      default -> json.currentToken().name();
    };
  }

  private String text(String what) {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw BadRequest.because(what + " is a string, not " + found());
    }
    return json.getString();
  }

  private void expect(JsonToken token, String what) {
    if (json.currentToken() != token) {
      throw BadRequest.because(what + ", not " + found());
    }
  }

  private Map<String, Object> parameters(String whose) {
    expect(JsonToken.START_OBJECT, "'parameters' " + whose + " are an object");
    Map<String, Object> read = new HashMap<>();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (read.size() == NAMES) {
        throw BadRequest.because("'parameters' " + whose + " are at most " + NAMES);
      }
      switch (json.nextToken()) {
        case VALUE_STRING -> read.put(name, json.getString());
        case VALUE_NUMBER_INT -> read.put(name, json.getLongValue());
        case VALUE_NUMBER_FLOAT -> read.put(name, json.getDoubleValue());
        case VALUE_TRUE -> read.put(name, true);
        case VALUE_FALSE -> read.put(name, false);
        case VALUE_NULL -> read.remove(name);
        default ->
            throw BadRequest.because(
                "parameter '" + name + "' " + whose + " is a string, a number or a boolean");
      }
    }
    return read;
  }

  private void inputs() {
    expect(JsonToken.START_ARRAY, "'inputs' is an array");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (inputs.size() == NAMES) {
        throw BadRequest.because("'inputs' has more than " + NAMES + " tensors");
      }
      inputs.add(input("input " + inputs.size()));
    }
  }

  private InferInput input(String unnamed) {
    expect(JsonToken.START_OBJECT, unnamed + " is an object");
    Optional<String> name = Optional.empty();
    Optional<String> datatype = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Map<String, Object> own = Map.of();
    TensorContent content = new TensorContent.Missing();
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      String whose = name.map(known -> "input '" + known + "'").orElse(unnamed);
      json.nextToken();
      switch (field) {
        case "name" -> name = Optional.of(text("'name' of " + whose));
        case "datatype" -> datatype = Optional.of(text("'datatype' of " + whose));
        case "shape" -> shape = Optional.of(shape(whose));
        case "parameters" -> own = parameters("of " + whose);
        case "data" -> content = data(whose, shape.map(InferRequestReader::values).orElse(0L));
        default -> json.skipChildren();
      }
    }
    return new InferInput(
        name.orElseThrow(() -> BadRequest.because(unnamed + " has no 'name'")),
        datatype.orElseThrow(() -> BadRequest.because(unnamed + " has no 'datatype'")),
        shape.orElseThrow(() -> BadRequest.because(unnamed + " has no 'shape'")),
        own,
        content);
  }

  private List<Long> shape(String whose) {
    expect(JsonToken.START_ARRAY, "'shape' of " + whose + " is an array");
    List<Long> shape = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(JsonToken.VALUE_NUMBER_INT, "'shape' of " + whose + " has whole numbers");
      if (shape.size() == DEPTH) {
        throw BadRequest.because("'shape' of " + whose + " has more than " + DEPTH + " dimensions");
      }
      shape.add(json.getLongValue());
    }
    return shape;
  }

  /** Values that a shape has; 0 if it cannot be. */
  private static long values(List<Long> shape) {
    try {
      return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    } catch (ArithmeticException e) {
      return 0;
    }
  }

  private TensorContent data(String whose, long expected) {
    expect(JsonToken.START_ARRAY, "'data' of " + whose + " is an array");
    FloatSink numbers = new FloatSink(body, expected);
    List<String> strings = new ArrayList<>();
    for (int depth = 1; depth > 0; ) {
      switch (json.nextToken()) {
        case START_ARRAY -> depth++;
        case END_ARRAY -> depth--;
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> numbers.add(finite(whose, numbers.size()));
        case VALUE_STRING -> {
          if (strings.size() == STRINGS) {
            throw BadRequest.because(
                "'data' of " + whose + " has more than " + STRINGS + " strings");
          }
          strings.add(json.getString());
        }
        default ->
            throw BadRequest.because(
                "'data' of " + whose + " holds numbers, or strings for BYTES, not " + found());
      }
    }
    if (!strings.isEmpty() && numbers.size() > 0) {
      throw BadRequest.because("'data' of " + whose + " holds both numbers and strings");
    }
    return strings.isEmpty()
        ? new TensorContent.Numbers(numbers.collected())
        : new TensorContent.Strings(strings);
  }

  private float finite(String whose, int index) {
    float value = json.getFloatValue();
    if (!Float.isFinite(value)) {
      throw BadRequest.because(
          "value "
              + index
              + " of "
              + whose
              + " is "
              + json.getString()
              + ", which is no finite number in single precision");
    }
    return value;
  }

  private List<InferOutput> outputs() {
    expect(JsonToken.START_ARRAY, "'outputs' is an array");
    List<InferOutput> wanted = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (wanted.size() == NAMES) {
        throw BadRequest.because(
            "'outputs' has more than " + NAMES + " entries; there are " + OutputTensor.names());
      }
      wanted.add(output("output " + wanted.size()));
    }
    return wanted;
  }

  private InferOutput output(String unnamed) {
    expect(JsonToken.START_OBJECT, unnamed + " is an object");
    Optional<String> name = Optional.empty();
    Map<String, Object> own = Map.of();
    for (String field = json.nextName(); field != null; field = json.nextName()) {
      json.nextToken();
      switch (field) {
        case "name" -> name = Optional.of(text("'name' of " + unnamed));
        case "parameters" -> own = parameters("of " + unnamed);
        default -> json.skipChildren();
      }
    }
    return new InferOutput(
        name.orElseThrow(() -> BadRequest.because(unnamed + " has no 'name'")), own);
  }
}
