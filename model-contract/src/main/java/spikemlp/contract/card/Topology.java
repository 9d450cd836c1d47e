package spikemlp.contract.card;

import java.util.ArrayList;
import java.util.List;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.StageShape;

/**
 * A network's neuron layers and products in the order they run, with what each costs.
 *
 * @param neurons the columns of the {@code spikes} output
 * @param windows the columns of the {@code windows} output
 * @param synapses every product
 * @param biasAdditionsPerStep additions of folded biases a time step
 * @param biasAdditionsOnce additions of the first layer's and the classifier's bias, once an image
 * @param skipAdditions additions of skip connections a time step
 */
public record Topology(
    List<NeuronLayer> neurons,
    List<SpikeWindow> windows,
    List<SynapticLayer> synapses,
    long biasAdditionsPerStep,
    long biasAdditionsOnce,
    long skipAdditions) {

  public Topology {
    neurons = List.copyOf(neurons);
    windows = List.copyOf(windows);
    synapses = List.copyOf(synapses);
  }

  /** The topology that a configuration implies. */
  public static Topology of(NetworkConfig config) {
    return new Builder(config).build();
  }

  /** Neurons a sample, each updated once a time step. */
  public long neuronCount() {
    return neurons.stream().mapToLong(NeuronLayer::neurons).sum();
  }

  /** A, the additions a time step if every input spiked. */
  public long denseAdditionsPerStep() {
    return synapses.stream()
        .filter(layer -> layer.kind() != SynapticLayer.Kind.MAC)
        .mapToLong(SynapticLayer::denseOperations)
        .sum();
  }

  /** Multiply-accumulates of the first layer, once an image. */
  public long firstLayerMacs() {
    return synapses.stream()
        .filter(layer -> layer.kind() == SynapticLayer.Kind.MAC)
        .mapToLong(SynapticLayer::denseOperations)
        .sum();
  }

  /** Multiply-accumulates of the same network as an artificial one, an image. */
  public long annMacs() {
    return synapses.stream().mapToLong(SynapticLayer::annMacs).sum();
  }

  private static final class Builder {
    private final NetworkConfig config;
    private final List<NeuronLayer> neurons = new ArrayList<>();
    private final List<SpikeWindow> windows = new ArrayList<>();
    private final List<SynapticLayer> synapses = new ArrayList<>();
    private long biasAdditions;
    private long skipAdditions;

    Builder(NetworkConfig config) {
      this.config = config;
    }

    Topology build() {
      List<StageShape> stages = config.stages();
      StageShape first = stages.getFirst();
      long firstOutputs = (long) first.channels() * first.tokens();
      long firstMacs =
          firstOutputs * NetworkConfig.IMAGE_CHANNELS * config.patchSize() * config.patchSize();
      synapses.add(
          new SynapticLayer(
              "stages.0.patch.conv",
              SynapticLayer.Kind.MAC,
              List.of(),
              0,
              -1,
              firstMacs,
              firstMacs));
      String x = neuron("stages.0.lif_patch", firstOutputs);
      x = mixers(0, first, x);
      for (int i = 1; i < stages.size(); i++) {
        x =
            switch (config.patchEncoding()) {
              case SPE -> spikingPatchEncoding(i, stages.get(i - 1), stages.get(i), x);
              case PARTITION -> patchPartition(i, stages.get(i - 1), stages.get(i), x);
            };
        x = mixers(i, stages.get(i), x);
      }
      head(stages.getLast(), x);
      return new Topology(
          neurons,
          windows,
          synapses,
          biasAdditions,
          firstOutputs + config.classes(),
          skipAdditions);
    }

    private String spikingPatchEncoding(int i, StageShape from, StageShape to, String x) {
      String patch = "stages." + i + ".patch";
      int n = to.channels() / 3;
      long outputs = (long) n * to.tokens();
      int strided =
          window(new SpikeWindow(x, from.channels(), from.height(), from.width(), 3, 2, 1));
      for (int node = 0; node < 3; node++) {
        convolution(patch + ".input_nodes." + node, x, strided, n, outputs);
      }
      String lif1 = neuron(patch + ".lif_1", outputs);
      convolution(patch + ".node_1_2", lif1, same(lif1, n, to), n, outputs);
      String lif2 = neuron(patch + ".lif_2", outputs);
      convolution(patch + ".node_2_3", lif2, same(lif2, n, to), n, outputs);
      skipAdditions += 3 * outputs;
      return neuron("stages." + i + ".lif_patch", 3 * outputs);
    }

    private int same(String source, int channels, StageShape shape) {
      return window(new SpikeWindow(source, channels, shape.height(), shape.width(), 3, 1, 1));
    }

    private String patchPartition(int i, StageShape from, StageShape to, String x) {
      long outputs = (long) to.channels() * to.tokens();
      int window =
          window(new SpikeWindow(x, from.channels(), from.height(), from.width(), 2, 2, 0));
      convolution("stages." + i + ".patch.conv", x, window, to.channels(), outputs);
      return neuron("stages." + i + ".lif_patch", outputs);
    }

    private int window(SpikeWindow window) {
      windows.add(window);
      return windows.size() - 1;
    }

    private String mixers(int i, StageShape shape, String patchSpikes) {
      String x = patchSpikes;
      int c = shape.channels();
      int tokens = shape.tokens();
      long outputs = (long) c * tokens;
      int hidden = config.expansionRatio() * c;
      Skips skips = config.skips();
      for (int j = 0; j < shape.depth(); j++) {
        String mixer = "stages." + i + ".mixers." + j;
        product(mixer + ".token_h", List.of(x), outputs, shape.height(), outputs);
        String spikesH = neuron(mixer + ".lif_h", outputs);
        product(mixer + ".token_w", List.of(x), outputs, shape.width(), outputs);
        String spikesW = neuron(mixer + ".lif_w", outputs);
        product(mixer + ".fuse", List.of(spikesH, spikesW, x), 3 * outputs, c, outputs);
        String token = neuron(mixer + ".lif_token", outputs);
        product(mixer + ".channel_1", List.of(token), outputs, hidden, (long) hidden * tokens);
        String spikesHidden = neuron(mixer + ".lif_hidden", (long) hidden * tokens);
        product(mixer + ".channel_2", List.of(spikesHidden), (long) hidden * tokens, c, outputs);
        x = neuron(mixer + ".lif_channel", outputs);
        int joined =
            (skips.pt() || j == 0 ? 1 : 0)
                + (skips.ct() && j > 0 ? 1 : 0)
                + (skips.pc() ? 1 : 0)
                + (skips.tc() ? 1 : 0);
        skipAdditions += joined * outputs;
      }
      return x;
    }

    private void head(StageShape shape, String x) {
      long neurons = (long) shape.channels() * shape.tokens();
      product("head.token_fc", List.of(x), neurons, shape.tokens(), neurons);
      String spikes = neuron("head.lif", neurons);
      long classifierMacs = (long) shape.channels() * config.classes();
      synapses.add(
          new SynapticLayer(
              "head.classifier",
              SynapticLayer.Kind.UNIFORM,
              List.of(spikes),
              config.classes(),
              -1,
              neurons * config.classes(),
              classifierMacs));
    }

    private void product(
        String name, List<String> sources, long inputs, long fanOut, long outputs) {
      long dense = inputs * fanOut;
      synapses.add(
          new SynapticLayer(name, SynapticLayer.Kind.UNIFORM, sources, fanOut, -1, dense, dense));
      biasAdditions += outputs;
    }

    private void convolution(String name, String source, int window, long fanOut, long outputs) {
      long dense = windows.get(window).dense() * fanOut;
      synapses.add(
          new SynapticLayer(
              name, SynapticLayer.Kind.WINDOWED, List.of(source), fanOut, window, dense, dense));
      biasAdditions += outputs;
    }

    private String neuron(String name, long count) {
      neurons.add(new NeuronLayer(name, count));
      return name;
    }
  }
}
