package spikemlp.inference.protocol;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.image.InputSpec;
import spikemlp.inference.engine.Batching;
import spikemlp.inference.serve.Admitted;

/**
 * What a model takes and gives.
 *
 * @param name the registered model
 * @param versions those that may be asked for by number, as far as they are in memory
 * @param platform what runs it
 * @param inputs required ones, in the datatype that is computed from
 * @param outputs those that may be asked for
 * @param parameters preparation, other datatypes and batching: strings, numbers and booleans
 */
record ModelMetadata(
    String name,
    List<String> versions,
    String platform,
    List<Tensor> inputs,
    List<Tensor> outputs,
    Map<String, Object> parameters) {

  /** A tensor's name, datatype and shape; −1 for any number. */
  record Tensor(String name, String datatype, List<Long> shape) {

    Tensor {
      shape = List.copyOf(shape);
    }
  }

  ModelMetadata {
    versions = List.copyOf(versions);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  static ModelMetadata of(Admitted model, List<String> versions) {
    ModelCard card = model.card();
    InputSpec spec = card.input();
    return new ModelMetadata(
        model.version().model(),
        versions,
        "onnxruntime_onnx",
        List.of(
            new Tensor(
                ModelCard.INPUT_NAME,
                "FP32",
                List.of(-1L, 3L, (long) spec.height(), (long) spec.width()))),
        Arrays.stream(OutputTensor.values())
            .map(output -> new Tensor(output.label(), output.datatype(), output.shape(card, -1)))
            .toList(),
        parameters(model, card, spec));
  }

  private static Map<String, Object> parameters(Admitted model, ModelCard card, InputSpec spec) {
    Batching batching = model.batching();
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("version", Integer.toString(model.version().version()));
    parameters.put("precision", model.version().precision().label());
    parameters.put("sha256", model.version().sha256());
    parameters.put("variant", card.variant());
    parameters.put("time_steps", card.network().timeSteps());
    parameters.put(
        "preparation",
        "FP32 images are RGB, (x / 255 - mean) / std; mean %s, std %s"
            .formatted(spec.mean(), spec.std()));
    parameters.put("accepts_uint8", "images [-1,-1,-1,3]: RGB pixels of any size, prepared here");
    parameters.put("accepts_bytes", "images [-1]: JPEG or PNG files, prepared here");
    parameters.put("fit", spec.fit().name());
    parameters.put("batching", batching.maxBatch() > 1);
    parameters.put("max_batch", batching.maxBatch());
    parameters.put("max_delay_ms", batching.maxDelay().toNanos() / 1e6);
    parameters.put(
        "measured_ms_per_image",
        batching.measured().stream()
            .map(one -> "%d: %.3f".formatted(one.batch(), one.imageMillis()))
            .collect(Collectors.joining(", ")));
    return parameters;
  }
}
