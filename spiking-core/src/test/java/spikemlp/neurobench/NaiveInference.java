package spikemlp.neurobench;

import java.util.HashMap;
import java.util.Map;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;

/**
 * A whole network in inference, one input and one weight at a time, which counts what it does. A
 * layer's numbers are {@code [token][channel]}.
 */
final class NaiveInference {

  private final NetworkConfig config;
  private final Map<String, WeightTensor> weights;
  private final Map<String, float[]> potentials = new HashMap<>();
  final Map<String, Long> spikesByLayer = new HashMap<>();
  long dense;
  long acs;
  long macs;
  long membraneUpdates;
  long neuronSteps;
  private int height;
  private int width;
  private int channels;

  NaiveInference(NetworkConfig config, Map<String, WeightTensor> weights) {
    this.config = config;
    this.weights = weights;
  }

  void run(float[] image) {
    float[] first = image(image);
    for (int t = 0; t < config.timeSteps(); t++) {
      step(first);
    }
  }

  private void grid() {
    height = config.imageHeight() / config.patchSize();
    width = config.imageWidth() / config.patchSize();
    channels = config.embeddingDim();
  }

  private float[] image(float[] image) {
    grid();
    int p = config.patchSize();
    WeightTensor w = weights.get("stages.0.patch.conv.weight");
    float[] bias = weights.get("stages.0.patch.conv.bias").values();
    float[] h = new float[height * width * channels];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int o = 0; o < channels; o++) {
          double sum = 0;
          for (int c = 0; c < 3; c++) {
            for (int ky = 0; ky < p; ky++) {
              for (int kx = 0; kx < p; kx++) {
                int row = c * config.imageHeight() + y * p + ky;
                float input = image[row * config.imageWidth() + x * p + kx];
                float weight = w.values()[((o * 3 + c) * p + ky) * p + kx];
                dense++;
                macs += input != 0 && weight != 0 ? 1 : 0;
                sum += (double) input * weight;
              }
            }
          }
          h[(y * width + x) * channels + o] = (float) sum + bias[o];
        }
      }
    }
    return h;
  }

  private void step(float[] first) {
    grid();
    float[] x = new float[0];
    for (int i = 0; i < config.depths().size(); i++) {
      String stage = "stages." + i;
      float[] h = first;
      if (i > 0) {
        h = config.patchEncoding() == PatchEncoding.SPE ? encoding(stage, x) : partition(stage, x);
      }
      x = fire(stage + ".lif_patch", h);
      float[] previous = new float[0];
      for (int j = 0; j < config.depths().get(i); j++) {
        String mixer = stage + ".mixers." + j;
        float[] t = token(mixer, x);
        float[] y = t;
        if (j == 0 || config.skips().pt()) {
          y = plus(y, h);
        }
        if (j > 0 && config.skips().ct()) {
          y = plus(y, previous);
        }
        float[] hidden = linear(mixer + ".channel_1", fire(mixer + ".lif_token", y));
        float[] c = linear(mixer + ".channel_2", fire(mixer + ".lif_hidden", hidden));
        float[] v = config.skips().pc() ? plus(c, h) : c;
        x = fire(mixer + ".lif_channel", config.skips().tc() ? plus(v, t) : v);
        previous = c;
      }
    }
    float[] features = fire("head.lif", axis("head.token_fc", x, height * width, 1));
    linear("head.classifier", features);
  }

  private float[] token(String mixer, float[] x) {
    float[] uh = fire(mixer + ".lif_h", axis(mixer + ".token_h", x, height, width));
    float[] uw = fire(mixer + ".lif_w", axis(mixer + ".token_w", x, width, 1));
    float[] joined = new float[3 * x.length];
    for (int i = 0; i < x.length; i++) {
      int at = i / channels * 3 * channels + i % channels;
      joined[at] = uh[i];
      joined[at + channels] = uw[i];
      joined[at + 2 * channels] = x[i];
    }
    return linear(mixer + ".fuse", joined);
  }

  private float[] encoding(String stage, float[] x) {
    int fromHeight = height;
    int fromWidth = width;
    int from = channels;
    height = (height + 1) / 2;
    width = (width + 1) / 2;
    channels *= 2;
    String patch = stage + ".patch";
    float[][] inputs = new float[3][];
    for (int node = 0; node < 3; node++) {
      inputs[node] =
          convolution(patch + ".input_nodes." + node, x, fromHeight, fromWidth, from, 3, 2, 1);
    }
    int n = channels / 3;
    float[] a = inputs[0];
    float[] s1 = fire(patch + ".lif_1", a);
    float[] b = plus(convolution(patch + ".node_1_2", s1, height, width, n, 3, 1, 1), inputs[1]);
    float[] s2 = fire(patch + ".lif_2", b);
    float[] d =
        plus(plus(convolution(patch + ".node_2_3", s2, height, width, n, 3, 1, 1), inputs[2]), a);
    float[] h = new float[height * width * channels];
    for (int i = 0; i < a.length; i++) {
      int at = i / n * channels + i % n;
      h[at] = a[i];
      h[at + n] = b[i];
      h[at + 2 * n] = d[i];
    }
    return h;
  }

  private float[] partition(String stage, float[] x) {
    int fromHeight = height;
    int fromWidth = width;
    int from = channels;
    height /= 2;
    width /= 2;
    channels *= 2;
    return convolution(stage + ".patch.conv", x, fromHeight, fromWidth, from, 2, 2, 0);
  }

  private float[] convolution(
      String name, float[] x, int fromHeight, int fromWidth, int from, int k, int s, int pad) {
    float[] w = weights.get(name + ".weight").values();
    float[] bias = weights.get(name + ".bias").values();
    float[] y = new float[height * width * bias.length];
    for (int i = 0; i < y.length; i++) {
      int o = i % bias.length;
      int oy = i / bias.length / width;
      int ox = i / bias.length % width;
      y[i] = bias[o];
      for (int ky = 0; ky < k; ky++) {
        for (int kx = 0; kx < k; kx++) {
          int iy = oy * s - pad + ky;
          int ix = ox * s - pad + kx;
          if (iy >= 0 && iy < fromHeight && ix >= 0 && ix < fromWidth) {
            for (int c = 0; c < from; c++) {
              y[i] +=
                  times(x[(iy * fromWidth + ix) * from + c], w[((o * from + c) * k + ky) * k + kx]);
            }
          }
        }
      }
    }
    return y;
  }

  /** A spike and a weight. */
  private float times(float spike, float weight) {
    dense++;
    acs += spike != 0 && weight != 0 ? 1 : 0;
    return spike * weight;
  }

  /** Over channels. */
  private float[] linear(String name, float[] x) {
    float[] w = weights.get(name + ".weight").values();
    float[] bias = weights.get(name + ".bias").values();
    int inputs = w.length / bias.length;
    float[] y = new float[x.length / inputs * bias.length];
    for (int i = 0; i < y.length; i++) {
      int o = i % bias.length;
      y[i] = bias[o];
      for (int c = 0; c < inputs; c++) {
        y[i] += times(x[i / bias.length * inputs + c], w[o * inputs + c]);
      }
    }
    return y;
  }

  /** Over an axis of tokens, {@code step} tokens from one place on it to the next. */
  private float[] axis(String name, float[] x, int side, int step) {
    float[] w = weights.get(name + ".weight").values();
    float[] bias = weights.get(name + ".bias").values();
    float[] y = new float[x.length];
    for (int i = 0; i < y.length; i++) {
      int token = i / channels;
      int place = token / step % side;
      y[i] = bias[place];
      for (int other = 0; other < side; other++) {
        int from = token + (other - place) * step;
        y[i] += times(x[from * channels + i % channels], w[place * side + other]);
      }
    }
    return y;
  }

  private float[] fire(String name, float[] z) {
    boolean first = !potentials.containsKey(name);
    float[] v = potentials.computeIfAbsent(name, layer -> new float[z.length]);
    float leak = (float) (1 - 1 / config.tau());
    float[] spikes = new float[z.length];
    for (int i = 0; i < z.length; i++) {
      float h = leak * v[i] + z[i];
      float after = h >= 1 ? 0 : h;
      spikes[i] = h >= 1 ? 1 : 0;
      membraneUpdates += first || after != v[i] ? 1 : 0;
      neuronSteps++;
      v[i] = after;
      spikesByLayer.merge(name, (long) spikes[i], Long::sum);
    }
    return spikes;
  }

  private static float[] plus(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }
}
