package spikemlp.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import spikemlp.checkpoint.CheckpointException;
import spikemlp.checkpoint.DoubleTensor;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import spikemlp.kernel.Precision;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.network.Backpropagation;
import spikemlp.network.Objective;
import spikemlp.network.SpikingMlp;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole network's steps as PyTorch computed them in double precision, and the same steps on the
 * core. The file's tensors are described in the reference folder's README.
 */
public final class GoldenVector {

  /** No error may exceed it. */
  public static final double TOLERANCE = 1e-4;

  private final SafetensorsFile file;
  private final JsonNode json;

  private GoldenVector(SafetensorsFile file) {
    this.file = file;
    try {
      this.json = JsonMapper.shared().readTree(file.metadata("config"));
    } catch (JacksonException e) {
      throw new CheckpointException(
          file.path(), "metadata 'config' is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Builds the file's network, runs its steps in single precision and compares.
   *
   * @throws CheckpointException if the file cannot be read, or lacks a tensor or setting; the
   *     message names it
   */
  public static GoldenVectorReport check(Path path) {
    return check(path, Precision.SINGLE);
  }

  /** The same in a precision of choice. */
  public static GoldenVectorReport check(Path path, Precision precision) {
    return new GoldenVector(Safetensors.read(path)).check(precision);
  }

  private GoldenVectorReport check(Precision precision) {
    NetworkConfig config = config();
    double[] input = file.doubles("input").values();
    int[] labels =
        Arrays.stream(file.longs("labels").values()).mapToInt(Math::toIntExact).toArray();
    checkBatch(config, input, labels);
    Map<String, Double> losses = new LinkedHashMap<>();
    Map<String, Double> gradients = new LinkedHashMap<>();
    Map<String, Double> after = new LinkedHashMap<>();
    double logitError = 0;
    try (SpikingMlp network = SpikingMlp.create(config, 0, precision);
        Backpropagation pass = new Backpropagation(network, labels.length)) {
      Parameters parameters = network.parameters();
      for (Parameter parameter : parameters.byName().values()) {
        parameters.write(parameter, parameters.home(parameter), weight("before", parameter));
      }
      parameters.changed();
      for (int i = 0; i < input.length; i++) {
        pass.images().set(i, input[i]);
      }
      Objective objective = objective(config);
      for (int step = 0; step < number("steps"); step++) {
        double[][][] logits = pass.forward();
        Objective.Result result = objective.evaluate(logits, labels);
        String name = "loss_" + step;
        losses.put(name, error(new double[] {result.loss()}, read("train/" + name, 1)));
        pass.backward(result.dLogits());
        if (step == 0) {
          logitError = logitError("train/logits_per_step", logits);
          pass.gradients()
              .forEach((key, values) ->
                  gradients.put(key, error(values, read("grad/" + key, values.length))));
        }
        pass.descend(number("learning_rate"), number("momentum"), number("weight_decay"));
      }
      for (Parameter parameter : parameters.byName().values()) {
        double[] values = parameters.read(parameter, parameters.home(parameter));
        after.put(parameter.name(), error(values, weight("after", parameter)));
      }
      return new GoldenVectorReport(
          String.valueOf(file.path().getFileName()),
          TOLERANCE,
          logitError,
          losses,
          gradients,
          after,
          logitError("eval/logits_per_step", network.logitsPerStep(input, labels.length)),
          spikes(network, input, labels.length));
    }
  }

  private void checkBatch(NetworkConfig config, double[] input, int[] labels) {
    long image = (long) NetworkConfig.IMAGE_CHANNELS * config.imageHeight() * config.imageWidth();
    if (labels.length == 0 || input.length != image * labels.length) {
      throw new CheckpointException(
          file.path(),
          "tensor 'input' should hold "
              + labels.length
              + " images of "
              + image
              + " numbers, but holds "
              + input.length);
    }
    for (int label : labels) {
      if (label < 0 || label >= config.classes()) {
        throw new CheckpointException(
            file.path(),
            "tensor 'labels' holds " + label + ", classes are 0 to " + (config.classes() - 1));
      }
    }
  }

  private Map<String, Long> spikes(SpikingMlp network, double[] input, int batch) {
    float[] images = new float[input.length];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) input[i];
    }
    long[][] spikes = network.infer(images, batch).spikes();
    Map<String, Long> differing = new LinkedHashMap<>();
    List<NeuronLayer> neurons = network.topology().neurons();
    for (int layer = 0; layer < neurons.size(); layer++) {
      String name = neurons.get(layer).name();
      double[] expected = read("eval/spikes_per_sample/" + name, batch);
      long sum = 0;
      for (int b = 0; b < batch; b++) {
        sum += Math.abs(spikes[b][layer] - Math.round(expected[b]));
      }
      differing.put(name, sum);
    }
    return differing;
  }

  /** Compares logits {@code [B][T][K]} with a tensor {@code [T, B, K]}. */
  private double logitError(String name, double[][][] logits) {
    List<Double> flat = new ArrayList<>();
    for (int t = 0; t < logits[0].length; t++) {
      for (double[][] sample : logits) {
        for (double logit : sample[t]) {
          flat.add(logit);
        }
      }
    }
    double[] values = flat.stream().mapToDouble(Double::doubleValue).toArray();
    return error(values, read(name, values.length));
  }

  private double[] weight(String group, Parameter parameter) {
    DoubleTensor tensor = file.doubles(group + "/" + parameter.name());
    if (!Arrays.equals(tensor.shape(), parameter.shape())) {
      throw new CheckpointException(
          file.path(),
          "tensor '"
              + group
              + "/"
              + parameter.name()
              + "' should have shape "
              + Arrays.toString(parameter.shape())
              + ", not "
              + Arrays.toString(tensor.shape()));
    }
    return tensor.values();
  }

  private double[] read(String name, int size) {
    double[] values = file.doubles(name).values();
    if (values.length != size) {
      throw new CheckpointException(
          file.path(),
          "tensor '" + name + "' should hold " + size + " numbers, not " + values.length);
    }
    return values;
  }

  /** ‖a − b‖ / ‖b‖, or ‖a − b‖ where b is zero. */
  static double error(double[] actual, double[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
  }

  private Objective objective(NetworkConfig config) {
    String loss = text("loss").toUpperCase(Locale.ROOT);
    if (!loss.equals("MEAN") && !loss.equals("TET")) {
      throw new CheckpointException(file.path(), "loss '" + loss + "' is neither mean nor tet");
    }
    return new Objective(Loss.valueOf(loss), number("tet_lambda"), config.threshold());
  }

  private NetworkConfig config() {
    List<Integer> depths = new ArrayList<>();
    setting("depths").forEach(depth -> depths.add(depth.asInt()));
    List<String> skips = new ArrayList<>();
    setting("skips").forEach(skip -> skips.add(skip.asString()));
    PatchEncoding encoding =
        switch (text("patch_encoding")) {
          case "spe" -> PatchEncoding.SPE;
          case "partition" -> PatchEncoding.PARTITION;
          default ->
              throw new CheckpointException(
                  file.path(),
                  "patch_encoding '" + text("patch_encoding") + "' is neither spe nor partition");
        };
    try {
      return new NetworkConfig(
          integer("image_size"),
          integer("image_size"),
          integer("patch_size"),
          integer("embedding_dim"),
          depths,
          integer("expansion_ratio"),
          encoding,
          Skips.named(String.join("+", skips)),
          integer("classes"),
          integer("time_steps"),
          number("tau"),
          number("threshold"),
          setting("detach_reset").asBoolean(),
          Surrogate.SIGMOID,
          number("bn_eps"),
          number("bn_momentum"));
    } catch (InvalidConfigurationException e) {
      throw new CheckpointException(
          file.path(), "metadata 'config' is no network: " + e.getMessage(), e);
    }
  }

  private JsonNode setting(String name) {
    JsonNode node = json.path(name);
    if (node.isMissingNode()) {
      throw new CheckpointException(file.path(), "metadata 'config' lacks '" + name + "'");
    }
    return node;
  }

  private double number(String name) {
    JsonNode node = setting(name);
    if (!node.isNumber()) {
      throw new CheckpointException(
          file.path(), "metadata 'config' has '" + name + "' = " + node + ", not a number");
    }
    return node.asDouble();
  }

  private int integer(String name) {
    double value = number(name);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw new CheckpointException(
          file.path(), "metadata 'config' has '" + name + "' = " + value + ", not an integer");
    }
    return (int) value;
  }

  private String text(String name) {
    return setting(name).asString();
  }
}
