package spikemlp.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.network.SpikingMlp;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training run as a safetensors file: weights and running statistics by canonical name, momenta
 * as {@code optimizer.<name>}, and as metadata the format, the network, the plan, the input and how
 * many batches are done.
 *
 * @param images how many images the run trains on
 */
record Checkpoint(
    NetworkConfig config, TrainingPlan plan, InputSpec input, long batchesDone, int images) {

  static final String FORMAT = "spikemlp-checkpoint-1";
  private static final String OPTIMIZER = "optimizer.";
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Writes the run's state. */
  void save(Path path, SpikingMlp network) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>(network.weights());
    Parameters parameters = network.parameters();
    for (Parameter parameter : parameters.byName().values()) {
      if (parameter.trainable()) {
        double[] momenta = parameters.read(parameter, parameters.momenta());
        float[] values = new float[momenta.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) momenta[i];
        }
        tensors.put(
            OPTIMIZER + parameter.name(), new WeightTensor(parameter.shape().clone(), values));
      }
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", FORMAT);
    metadata.put("network", JSON.writeValueAsString(config));
    metadata.put("plan", JSON.writeValueAsString(plan));
    metadata.put("input", JSON.writeValueAsString(input));
    metadata.put("batches_done", Long.toString(batchesDone));
    metadata.put("images", Integer.toString(images));
    Safetensors.write(path, metadata, tensors);
  }

  /**
   * Reads what a file says of its run.
   *
   * @throws CheckpointException if it is no checkpoint of this format
   */
  static Checkpoint describe(SafetensorsFile file) {
    String format = file.metadata("format");
    if (!format.equals(FORMAT)) {
      throw new CheckpointException(
          file.path(), "has format '" + format + "'; this version reads " + FORMAT);
    }
    try {
      return new Checkpoint(
          JSON.readValue(file.metadata("network"), NetworkConfig.class),
          JSON.readValue(file.metadata("plan"), TrainingPlan.class),
          JSON.readValue(file.metadata("input"), InputSpec.class),
          Long.parseLong(file.metadata("batches_done")),
          Integer.parseInt(file.metadata("images")));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new CheckpointException(file.path(), "has unusable metadata: " + e.getMessage(), e);
    }
  }

  /**
   * Fills a network's weights, statistics and momenta from a file.
   *
   * @throws CheckpointException if they do not fit the network or are not finite
   */
  static void restore(SafetensorsFile file, SpikingMlp network) {
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    Parameters parameters = network.parameters();
    for (Parameter parameter : parameters.byName().values()) {
      weights.put(parameter.name(), file.floats(parameter.name()));
      if (parameter.trainable()) {
        WeightTensor momentum = file.floats(OPTIMIZER + parameter.name());
        if (!Arrays.equals(momentum.shape(), parameter.shape())) {
          throw new CheckpointException(
              file.path(), "tensor '" + OPTIMIZER + parameter.name() + "' has another shape");
        }
        momentum
            .notFinite()
            .ifPresent(value -> {
              throw new CheckpointException(
                  file.path(),
                  "tensor '%s%s' holds %s where only finite numbers may be"
                      .formatted(OPTIMIZER, parameter.name(), value));
            });
        double[] values = new double[momentum.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = momentum.values()[i];
        }
        parameters.write(parameter, parameters.momenta(), values);
      }
    }
    try {
      network.load(weights);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(file.path(), String.valueOf(e.getMessage()), e);
    }
  }
}
