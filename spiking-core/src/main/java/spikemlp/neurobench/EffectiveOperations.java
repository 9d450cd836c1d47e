package spikemlp.neurobench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.StageShape;
import spikemlp.layer.NeuronActivity;

/**
 * Counts the operations of one sample whose input and weight are both not zero: Σ over inputs that
 * are not zero of the weights that are not zero which they meet, at borders only the real ones.
 */
final class EffectiveOperations {

  private final NetworkConfig config;
  private final Map<String, long[]> fanOuts = new HashMap<>();

  /**
   * @param weights folded, by canonical product name and {@code .weight}
   */
  EffectiveOperations(NetworkConfig config, Map<String, WeightTensor> weights) {
    this.config = config;
    weights.forEach((name, weight) -> {
      if (name.endsWith(".weight")) {
        fanOuts.put(name.substring(0, name.lastIndexOf('.')), fanOut(weight));
      }
    });
  }

  /** Weights that are not zero by input, over the output features. */
  private static long[] fanOut(WeightTensor weight) {
    int inputs = weight.size() / weight.shape()[0];
    long[] counts = new long[inputs];
    for (int i = 0; i < weight.size(); i++) {
      counts[i % inputs] += weight.values()[i] == 0 ? 0 : 1;
    }
    return counts;
  }

  private long[] of(String product) {
    long[] counts = fanOuts.get(product);
    if (counts == null) {
      throw new IllegalArgumentException("the weights have no product '" + product + "'");
    }
    return counts;
  }

  /** Multiply-accumulates of the first layer, whose windows do not overlap. */
  long macs(float[] image) {
    long[] weights = of("stages.0.patch.conv");
    int p = config.patchSize();
    long sum = 0;
    for (int i = 0; i < image.length; i++) {
      if (image[i] != 0) {
        int x = i % config.imageWidth();
        int y = i / config.imageWidth() % config.imageHeight();
        int channel = i / config.imageWidth() / config.imageHeight();
        sum += weights[(channel * p + y % p) * p + x % p];
      }
    }
    return sum;
  }

  /** Accumulates of every other layer over T. */
  long acs(List<NeuronActivity> neurons) {
    Map<String, NeuronActivity> byName =
        neurons.stream().collect(Collectors.toMap(NeuronActivity::name, layer -> layer));
    List<StageShape> stages = config.stages();
    long sum = 0;
    NeuronActivity x = neurons.getFirst();
    for (int i = 0; i < stages.size(); i++) {
      String stage = "stages." + i;
      if (i > 0) {
        sum += patch(byName, stage + ".patch", x, stages.get(i - 1), stages.get(i));
      }
      x = layer(byName, stage + ".lif_patch");
      for (int j = 0; j < stages.get(i).depth(); j++) {
        String mixer = stage + ".mixers." + j;
        sum += mixer(byName, mixer, x, stages.get(i));
        x = layer(byName, mixer + ".lif_channel");
      }
    }
    sum += axis(x, of("head.token_fc"), 1);
    return sum + channels(layer(byName, "head.lif"), of("head.classifier"), 0);
  }

  private static NeuronActivity layer(Map<String, NeuronActivity> byName, String name) {
    NeuronActivity layer = byName.get(name);
    if (layer == null) {
      throw new IllegalArgumentException("the activity has no neuron layer '" + name + "'");
    }
    return layer;
  }

  private long patch(
      Map<String, NeuronActivity> byName,
      String name,
      NeuronActivity x,
      StageShape from,
      StageShape to) {
    if (config.patchEncoding() == PatchEncoding.PARTITION) {
      return new Windows(from, to, 2, 2, 0).acs(x, of(name + ".conv"));
    }
    Windows strided = new Windows(from, to, 3, 2, 1);
    Windows same = new Windows(to, to, 3, 1, 1);
    long sum = 0;
    for (int node = 0; node < 3; node++) {
      sum += strided.acs(x, of(name + ".input_nodes." + node));
    }
    return sum
        + same.acs(layer(byName, name + ".lif_1"), of(name + ".node_1_2"))
        + same.acs(layer(byName, name + ".lif_2"), of(name + ".node_2_3"));
  }

  private long mixer(
      Map<String, NeuronActivity> byName, String name, NeuronActivity x, StageShape stage) {
    int c = stage.channels();
    long[] fuse = of(name + ".fuse");
    return axis(x, of(name + ".token_h"), stage.width())
        + axis(x, of(name + ".token_w"), 1)
        + channels(layer(byName, name + ".lif_h"), fuse, 0)
        + channels(layer(byName, name + ".lif_w"), fuse, c)
        + channels(x, fuse, 2 * c)
        + channels(layer(byName, name + ".lif_token"), of(name + ".channel_1"), 0)
        + channels(layer(byName, name + ".lif_hidden"), of(name + ".channel_2"), 0);
  }

  /** A product over channels whose inputs begin at {@code offset}. */
  private static long channels(NeuronActivity x, long[] weights, int offset) {
    long sum = 0;
    for (int i = 0; i < x.spikes().length; i++) {
      sum += x.spikes()[i] * weights[offset + i % x.channels()];
    }
    return sum;
  }

  /** A product over an axis of the tokens, on which {@code stride} tokens make a step. */
  private static long axis(NeuronActivity x, long[] weights, int stride) {
    long sum = 0;
    for (int token = 0; token < x.tokens(); token++) {
      sum += fired(x, token) * weights[token / stride % weights.length];
    }
    return sum;
  }

  private static long fired(NeuronActivity x, int token) {
    return Arrays.stream(x.spikes(), token * x.channels(), (token + 1) * x.channels())
        .asLongStream()
        .sum();
  }

  /** A convolution's windows, weights {@code [O, C, k, k]}. */
  private record Windows(StageShape from, StageShape to, int k, int stride, int padding) {

    long acs(NeuronActivity x, long[] weights) {
      long sum = 0;
      for (int tap = 0; tap < k * k; tap++) {
        for (int oy = 0; oy < to.height(); oy++) {
          int y = oy * stride - padding + tap / k;
          for (int ox = 0; ox < to.width(); ox++) {
            int column = ox * stride - padding + tap % k;
            if (y >= 0 && y < from.height() && column >= 0 && column < from.width()) {
              sum += acs(x, y * from.width() + column, weights, tap);
            }
          }
        }
      }
      return sum;
    }

    private long acs(NeuronActivity x, int token, long[] weights, int tap) {
      long sum = 0;
      for (int c = 0; c < x.channels(); c++) {
        sum += x.spikes()[token * x.channels() + c] * weights[c * k * k + tap];
      }
      return sum;
    }
  }
}
