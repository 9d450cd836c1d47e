package spikemlp.benchmark.serve;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Provenance;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.export.OnnxExporter;
import spikemlp.network.SpikingMlp;

/**
 * A network to serve, with weights that were drawn: ONNX Runtime's time does not depend on them.
 *
 * @param name as requests call it
 * @param longer how many times as long as others it is loaded: 16 clients shall get many answers
 */
record ServedNetwork(String name, NetworkConfig config, int longer) {

  /** The small preset's shape, 274,538 parameters, 32×32. */
  static final ServedNetwork SMALL =
      new ServedNetwork("small-32", NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 10), 1);

  /** Of 32×32 as well, with a run of about 5 ms on a core. */
  static final ServedNetwork MEDIUM =
      new ServedNetwork("medium-32", NetworkConfig.of(32, 32, 2, 36, List.of(2, 2, 2), 10), 1);

  /** The paper's smallest, 224×224. */
  static final ServedNetwork LARGE =
      new ServedNetwork(
          "mlp-spe-t-224", NetworkConfig.of(224, 224, 4, 78, List.of(2, 8, 14, 2), 1000), 3);

  static final List<ServedNetwork> ALL = List.of(SMALL, MEDIUM, LARGE);

  private static final int SEED = 1;

  /**
   * The network of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  static ServedNetwork named(String name) {
    return ALL.stream()
        .filter(network -> network.name.equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no network is named '"
                    + name
                    + "'; there are "
                    + String.join(", ", ALL.stream().map(ServedNetwork::name).toList())));
  }

  ModelCard card() {
    InputSpec input =
        new InputSpec(
            config.imageHeight(),
            config.imageWidth(),
            InputSpec.Fit.COVER,
            List.of(0.5, 0.5, 0.5),
            List.of(0.25, 0.25, 0.25));
    return ModelCard.of(
        "custom",
        config,
        input,
        IntStream.range(0, config.classes()).mapToObj(k -> "class-" + k).toList(),
        new Provenance("benchmark", "drawn", "00", SEED, "2026-01-01T00:00:00Z", Map.of()));
  }

  /** Numbers of an image, 3·H·W. */
  int imageSize() {
    return NetworkConfig.IMAGE_CHANNELS * config.imageHeight() * config.imageWidth();
  }

  Path export(WeightPrecision precision, Path directory) {
    Path file = directory.resolve(name + "-" + precision.label() + ".onnx");
    OnnxExporter.export(weights(), card(), precision, file);
    return file;
  }

  /** PyTorch's initialisation, with shifts that let every layer fire. */
  private Map<String, WeightTensor> weights() {
    Random random = new Random(SEED);
    Map<String, WeightTensor> weights = new LinkedHashMap<>();
    try (SpikingMlp network = SpikingMlp.create(config, SEED)) {
      network
          .weights()
          .forEach((tensor, value) ->
              weights.put(tensor, tensor.endsWith(".bn.bias") ? drawn(value, random) : value));
    }
    return weights;
  }

  private static WeightTensor drawn(WeightTensor like, Random random) {
    float[] values = new float[like.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new WeightTensor(like.shape().clone(), values);
  }

  /** A normalised image. */
  float[] image() {
    Random random = new Random(SEED);
    float[] image = new float[imageSize()];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) random.nextGaussian();
    }
    return image;
  }
}
