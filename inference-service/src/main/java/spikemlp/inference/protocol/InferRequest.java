package spikemlp.inference.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An inference request.
 *
 * @param id to be echoed, or null
 * @param parameters of the request
 * @param inputs its tensors
 * @param outputs the outputs it wants, or null for all
 */
record InferRequest(
    @Nullable String id,
    Map<String, Object> parameters,
    List<InferInput> inputs,
    @Nullable List<InferOutput> outputs) {

  InferRequest {
    parameters = Map.copyOf(parameters);
    inputs = List.copyOf(inputs);
    outputs = outputs == null ? null : List.copyOf(outputs);
  }

  /** Whether outputs are binary that do not say otherwise. */
  boolean binaryOutputs() {
    Optional<Boolean> flag = Parameters.flag(parameters, "binary_data_output");
    return flag.orElse(false);
  }
}
