package spikemlp.inference.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An input tensor of a request.
 *
 * @param name the model's input
 * @param datatype such as {@code FP32}
 * @param shape as it was given; nothing is checked yet
 * @param parameters {@code binary_data_size} and others
 * @param content its elements
 */
record InferInput(
    String name,
    String datatype,
    List<Long> shape,
    Map<String, Object> parameters,
    TensorContent content) {

  static final String BINARY_SIZE = "binary_data_size";

  InferInput {
    shape = List.copyOf(shape);
    parameters = Map.copyOf(parameters);
  }

  InferInput with(TensorContent other) {
    return new InferInput(name, datatype, shape, parameters, other);
  }

  /**
   * The size of its binary data, if it is sent as such.
   *
   * @throws spikemlp.problem.ProblemException if it is no size
   */
  Optional<Long> binarySize() {
    Optional<Object> size = Optional.ofNullable(parameters.get(BINARY_SIZE));
    return size.map(value -> {
      if (value instanceof Long bytes && bytes >= 0) {
        return bytes;
      }
      throw BadRequest.because(
          "'" + BINARY_SIZE + "' of input '" + name + "' is a number of bytes, not " + value);
    });
  }
}
