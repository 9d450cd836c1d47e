package spikemlp.export;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.StageShape;

/** Weights of a whole network by canonical name, drawn so that every neuron layer fires. */
final class RandomWeights {

  private final Random random;
  private final Map<String, WeightTensor> weights = new LinkedHashMap<>();

  private RandomWeights(long seed) {
    random = new Random(seed);
  }

  static Map<String, WeightTensor> of(NetworkConfig config, long seed) {
    RandomWeights drawn = new RandomWeights(seed);
    List<StageShape> stages = config.stages();
    for (int i = 0; i < stages.size(); i++) {
      String patch = "stages." + i + ".patch";
      int c = stages.get(i).channels();
      if (i == 0) {
        drawn.layer(patch + ".conv", patch + ".bn", c, 3, config.patchSize(), config.patchSize());
      } else if (config.patchEncoding() == PatchEncoding.PARTITION) {
        drawn.layer(patch + ".conv", patch + ".bn", c, stages.get(i - 1).channels(), 2, 2);
      } else {
        for (String node : List.of("input_nodes.0", "input_nodes.1", "input_nodes.2")) {
          drawn.convolution(patch + "." + node, c / 3, stages.get(i - 1).channels());
        }
        drawn.convolution(patch + ".node_1_2", c / 3, c / 3);
        drawn.convolution(patch + ".node_2_3", c / 3, c / 3);
      }
      int hidden = config.expansionRatio() * c;
      for (int j = 0; j < stages.get(i).depth(); j++) {
        String mixer = "stages." + i + ".mixers." + j;
        drawn.fc(mixer + ".token_h", stages.get(i).height(), stages.get(i).height());
        drawn.fc(mixer + ".token_w", stages.get(i).width(), stages.get(i).width());
        drawn.fc(mixer + ".fuse", c, 3 * c);
        drawn.fc(mixer + ".channel_1", hidden, c);
        drawn.fc(mixer + ".channel_2", c, hidden);
      }
    }
    StageShape last = stages.getLast();
    drawn.fc("head.token_fc", last.tokens(), last.tokens());
    drawn.uniform("head.classifier.weight", -1, 1, config.classes(), last.channels());
    drawn.uniform("head.classifier.bias", -1, 1, config.classes());
    return drawn.weights;
  }

  private void fc(String name, int outputs, int inputs) {
    layer(name + ".fc", name + ".bn", outputs, inputs);
  }

  private void convolution(String name, int outputs, int inputs) {
    layer(name + ".conv", name + ".bn", outputs, inputs, 3, 3);
  }

  private void layer(String product, String bn, int... shape) {
    double bound = 1 / Math.sqrt(Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b));
    uniform(product + ".weight", -bound, bound, shape);
    uniform(bn + ".weight", 0.5, 1.5, shape[0]);
    uniform(bn + ".bias", 0, 1, shape[0]);
    uniform(bn + ".running_mean", -0.2, 0.2, shape[0]);
    uniform(bn + ".running_var", 0.02, 0.2, shape[0]);
  }

  private void uniform(String name, double low, double high, int... shape) {
    float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * random.nextDouble());
    }
    weights.put(name, new WeightTensor(shape, values));
  }

  /** Normalised images {@code [B, 3, H, W]}. */
  static float[] images(NetworkConfig config, int batch, long seed) {
    Random random = new Random(seed);
    float[] images = new float[batch * 3 * config.imageHeight() * config.imageWidth()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }
}
