package spikemlp.training;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Tensor;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.network.SpikingMlp;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A training run as a safetensors file: weights and running statistics by canonical name, SGD's
 * momenta as {@code optimizer.<name>} or AdamW's moments as {@code optimizer.first.<name>} and
 * {@code optimizer.second.<name>}, the moving averages of weights and running statistics, if any,
 * as {@code ema.<name>}; and as metadata the format, the network, the plan, the input and how many
 * batches are done.
 *
 * <p>The first format's plans knew SGD along a cosine alone; its files are read too.
 *
 * @param images how many images the run trains on
 */
record Checkpoint(
    NetworkConfig config, TrainingPlan plan, InputSpec input, long batchesDone, int images) {

  static final String FORMAT = "spikemlp-checkpoint-2";
  static final String FIRST_FORMAT = "spikemlp-checkpoint-1";
  private static final String OPTIMIZER = "optimizer.";
  static final String AVERAGE = "ema.";
  private static final JsonMapper JSON = JsonMapper.shared();

  /** The optimiser's state by the prefix of its names, laid out as the learnt numbers are. */
  private Map<String, Tensor> moments(Parameters parameters) {
    Map<String, Tensor> moments = new LinkedHashMap<>(); // in the file's order
    switch (plan.optimisation().optimizer()) {
      case SGD -> moments.put(OPTIMIZER, parameters.momenta());
      case ADAMW -> {
        moments.put(OPTIMIZER + "first.", parameters.momenta());
        moments.put(OPTIMIZER + "second.", parameters.secondMoments());
      }
    }
    return moments;
  }

  /** Writes the run's state, the average being that of the weights where the plan has one. */
  void save(Path path, SpikingMlp network, Optional<SpikingMlp> average) {
    Map<String, WeightTensor> tensors = new LinkedHashMap<>(network.weights());
    Parameters parameters = network.parameters();
    moments(parameters)
        .forEach((prefix, moments) -> {
          for (Parameter parameter : parameters.byName().values()) {
            if (parameter.trainable()) {
              double[] numbers = parameters.read(parameter, moments);
              float[] values = new float[numbers.length];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) numbers[i];
              }
              tensors.put(
                  prefix + parameter.name(), new WeightTensor(parameter.shape().clone(), values));
            }
          }
        });
    average.ifPresent(averaged ->
        averaged.weights().forEach((name, tensor) -> tensors.put(AVERAGE + name, tensor)));
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
    if (!format.equals(FORMAT) && !format.equals(FIRST_FORMAT)) {
      throw new CheckpointException(
          file.path(),
          "has format '%s'; this version reads %s and %s".formatted(format, FORMAT, FIRST_FORMAT));
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
   * Fills a network's weights, statistics and moments from a file, and the averaged network.
   *
   * @throws CheckpointException if they do not fit the network or are not finite
   */
  void restore(SafetensorsFile file, SpikingMlp network, Optional<SpikingMlp> average) {
    Parameters parameters = network.parameters();
    moments(parameters)
        .forEach((prefix, moments) -> {
          for (Parameter parameter : parameters.byName().values()) {
            if (parameter.trainable()) {
              parameters.write(parameter, moments, numbers(file, prefix, parameter));
            }
          }
        });
    load(file, "", network);
    average.ifPresent(averaged -> load(file, AVERAGE, averaged));
  }

  private static double[] numbers(SafetensorsFile file, String prefix, Parameter parameter) {
    String name = prefix + parameter.name();
    WeightTensor tensor = file.floats(name);
    if (!Arrays.equals(tensor.shape(), parameter.shape())) {
      throw new CheckpointException(file.path(), "tensor '" + name + "' has another shape");
    }
    tensor
        .notFinite()
        .ifPresent(value -> {
          throw new CheckpointException(
              file.path(),
              "tensor '%s' holds %s where only finite numbers may be".formatted(name, value));
        });
    double[] values = new double[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = tensor.values()[i];
    }
    return values;
  }

  private static void load(SafetensorsFile file, String prefix, SpikingMlp network) {
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    for (String name : network.parameters().byName().keySet()) {
      weights.put(name, file.floats(prefix + name));
    }
    try {
      network.load(weights);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          file.path(),
          (prefix.isEmpty() ? "" : "the tensors '" + prefix + "…': ") + e.getMessage(),
          e);
    }
  }
}
