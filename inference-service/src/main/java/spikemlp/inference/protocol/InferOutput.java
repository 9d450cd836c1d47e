package spikemlp.inference.protocol;

import java.util.Map;
import java.util.Optional;

/**
 * A request for an output tensor.
 *
 * @param name the model's output
 * @param parameters {@code binary_data} and others
 */
record InferOutput(String name, Map<String, Object> parameters) {

  InferOutput {
    parameters = Map.copyOf(parameters);
  }

  /** Whether it is wanted as binary data; empty if the request's default holds. */
  Optional<Boolean> binary() {
    return Parameters.flag(parameters, "binary_data");
  }
}
