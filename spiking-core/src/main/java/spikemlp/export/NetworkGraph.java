package spikemlp.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.StageShape;
import spikemlp.export.FoldedWeights.Folded;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.export.OnnxGraph.Axis;
import spikemlp.export.OnnxGraph.Port;

/**
 * The network's inference as ONNX nodes, every layer's T steps in one product.
 *
 * <p>States and spikes are tokens {@code [T·B·N, C]}, N = H·W, time outermost and channels last:
 * the batch stays free, one step is one contiguous part, and each other view, {@code [T·B, H, W·C]}
 * for the token block or {@code [T·B, N, C]} for the head, is a reshape that copies nothing.
 */
final class NetworkGraph {

  private final NetworkConfig config;
  private final FoldedWeights weights;
  private final GraphBuilder graph = new GraphBuilder();
  private final LifNodes lif;
  private final Map<String, String> spikes = new LinkedHashMap<>();

  private NetworkGraph(Map<String, WeightTensor> weights, NetworkConfig config) {
    this.config = config;
    this.weights = new FoldedWeights(weights, config);
    this.lif = new LifNodes(graph, config);
  }

  /**
   * The graph of a network.
   *
   * @param metadata goes into the file as it is
   * @throws IllegalArgumentException if the weights are not those of the card's network; the
   *     message names the tensor
   */
  static OnnxGraph of(
      Map<String, WeightTensor> weights, ModelCard card, Map<String, String> metadata) {
    NetworkGraph network = new NetworkGraph(weights, card.network());
    network.layers();
    network.weights.requireAllTaken();
    SpikeCounts counts = new SpikeCounts(network.graph, card, network.spikes);
    List<Port> outputs =
        counts.outputs(new Port(ModelCard.LOGITS_NAME, batchOf(card.network().classes())));
    Port images =
        new Port(
            ModelCard.INPUT_NAME,
            batchOf(
                NetworkConfig.IMAGE_CHANNELS,
                card.network().imageHeight(),
                card.network().imageWidth()));
    return network.graph.build(List.of(images), outputs, metadata);
  }

  /** The shape {@code [B, sizes…]}, B free. */
  static List<Axis> batchOf(long... sizes) {
    List<Axis> axes = new ArrayList<>(List.of(Axis.free("batch")));
    for (long size : sizes) {
      axes.add(Axis.of(size));
    }
    return axes;
  }

  private void layers() {
    List<StageShape> stages = config.stages();
    String once = firstPatch(stages.getFirst());
    List<String> everyStep = Collections.nCopies(config.timeSteps(), once);
    String x = fire("stages.0.lif_patch", everyStep);
    x = mixers(0, stages.getFirst(), graph.concat("stages.0.patch.every_step", 0, everyStep), x);
    for (int i = 1; i < stages.size(); i++) {
      StageShape from = stages.get(i - 1);
      StageShape to = stages.get(i);
      String images =
          graph.transpose(
              "stages." + i + ".patch.images",
              graph.reshape(
                  "stages." + i + ".patch.grid",
                  x,
                  -1,
                  from.height(),
                  from.width(),
                  from.channels()),
              0L,
              3L,
              1L,
              2L);
      String h =
          switch (config.patchEncoding()) {
            case SPE -> spikingPatchEncoding("stages." + i + ".patch", images, from, to);
            case PARTITION -> patchPartition("stages." + i + ".patch", images, from, to);
          };
      x = mixers(i, to, h, fire("stages." + i + ".lif_patch", h));
    }
    head(stages.getLast(), x);
  }

  /** Conv + BN of the image, once: {@code [B, 3, H·p, W·p] → [B·N, C]}, the same at every step. */
  private String firstPatch(StageShape shape) {
    int p = config.patchSize();
    String patch = "stages.0.patch";
    Folded folded =
        weights.fold(
            patch + ".conv", patch + ".bn", shape.channels(), NetworkConfig.IMAGE_CHANNELS, p, p);
    return tokens(
        patch, convolution(patch + ".conv", ModelCard.INPUT_NAME, folded, p, p, 0), shape);
  }

  /** Conv + BN of spikes, k = 2, stride 2: {@code [T·B, C', H', W'] → [T·B·N, C]}. */
  private String patchPartition(String patch, String images, StageShape from, StageShape to) {
    Folded folded =
        weights.fold(patch + ".conv", patch + ".bn", to.channels(), from.channels(), 2, 2);
    return tokens(patch, convolution(patch + ".conv", images, folded, 2, 2, 0), to);
  }

  /** The three nodes a, b, d; their convolutions of the input are one, {@code [T·B, 3n, H, W]}. */
  private String spikingPatchEncoding(String patch, String images, StageShape from, StageShape to) {
    int n = to.channels() / 3;
    Folded[] nodes = new Folded[3];
    for (int node = 0; node < 3; node++) {
      String name = patch + ".input_nodes." + node;
      nodes[node] = weights.fold(name + ".conv", name + ".bn", n, from.channels(), 3, 3);
    }
    String inputs = convolution(patch + ".input_nodes", images, Folded.joined(nodes), 3, 2, 1);
    List<String> states = graph.split(patch + ".node", inputs, 1, 3);
    String a = states.get(0);
    String b =
        graph.add(
            patch + ".b",
            "Add",
            states.get(1),
            between(patch + ".node_1_2", fire(patch + ".lif_1", a), n));
    String joined =
        graph.add(
            patch + ".node_3",
            "Add",
            states.get(2),
            between(patch + ".node_2_3", fire(patch + ".lif_2", b), n));
    String d = graph.add(patch + ".d", "Add", joined, a);
    return tokens(patch, graph.concat(patch + ".nodes", 1, List.of(a, b, d)), to);
  }

  private String between(String name, String spikes, int n) {
    return convolution(
        name, spikes, weights.fold(name + ".conv", name + ".bn", n, n, 3, 3), 3, 1, 1);
  }

  private String mixers(int stage, StageShape shape, String h, String patchSpikes) {
    Skips skips = config.skips();
    String x = patchSpikes;
    String previous = "";
    for (int j = 0; j < shape.depth(); j++) {
      String mixer = "stages." + stage + ".mixers." + j;
      String t = tokenBlock(mixer, shape, x);
      String y = skips.pt() || j == 0 ? graph.add(mixer + ".pt", "Add", t, h) : t;
      y = skips.ct() && j > 0 ? graph.add(mixer + ".ct", "Add", y, previous) : y;
      String c = channelBlock(mixer, shape.channels(), fire(mixer + ".lif_token", y));
      String v = skips.pc() ? graph.add(mixer + ".pc", "Add", c, h) : c;
      v = skips.tc() ? graph.add(mixer + ".tc", "Add", v, t) : v;
      x = fire(mixer + ".lif_channel", v);
      previous = c;
    }
    return x;
  }

  /** t = BN_C(W_f · concat(u_h, u_w, x)), u_h and u_w the spikes of the FCs along each axis. */
  private String tokenBlock(String mixer, StageShape shape, String x) {
    int c = shape.channels();
    String rows = graph.reshape(mixer + ".rows", x, -1, shape.height(), (long) shape.width() * c);
    String columns = graph.reshape(mixer + ".columns", x, -1, shape.width(), c);
    String h = fire(mixer + ".lif_h", alongAxis(mixer + ".token_h", rows, shape.height()));
    String w = fire(mixer + ".lif_w", alongAxis(mixer + ".token_w", columns, shape.width()));
    String joined =
        graph.concat(
            mixer + ".joined",
            1,
            List.of(
                graph.reshape(mixer + ".u_h", h, -1, c),
                graph.reshape(mixer + ".u_w", w, -1, c),
                x));
    return fullyConnected(mixer + ".fuse", joined, c, 3 * c);
  }

  /** c = BN_C(W_c2 · LIF(BN_αC(W_c1 · x₂))). */
  private String channelBlock(String mixer, int c, String x2) {
    int hidden = config.expansionRatio() * c;
    String z = fullyConnected(mixer + ".channel_1", x2, hidden, c);
    return fullyConnected(mixer + ".channel_2", fire(mixer + ".lif_hidden", z), c, hidden);
  }

  /** FC over N tokens, LIF, then the spikes summed over T and N into the classifier. */
  private void head(StageShape shape, String x) {
    int n = shape.tokens();
    int c = shape.channels();
    String flat = graph.reshape("head.tokens", x, -1, n, c);
    String fired = fire("head.lif", alongAxis("head.token_fc", flat, n));
    String steps = graph.reshape("head.steps", fired, config.timeSteps(), -1, n, c);
    String sums = graph.reshape("head.sums", graph.sum("head.sum", steps, 0, 2), -1, c);
    Folded classifier =
        weights.classifier(
            "head.classifier", config.classes(), c, 1.0 / ((double) n * config.timeSteps()));
    gemm(ModelCard.LOGITS_NAME, "head.classifier", sums, classifier, config.classes(), c);
  }

  private String fire(String name, String z) {
    return fired(name, lif.fire(name, z));
  }

  private String fire(String name, List<String> z) {
    return fired(name, lif.fire(name, z));
  }

  private String fired(String name, String value) {
    spikes.put(name, value);
    return value;
  }

  /** W'·x + b' with the weight on the left: {@code [n, n] · [M, n, D]}. */
  private String alongAxis(String name, String x, int n) {
    Folded folded = weights.fold(name + ".fc", name + ".bn", n, n);
    String weight = graph.floats(name + ".weight", folded.weight(), (long) n, (long) n);
    String bias = graph.floats(name + ".bias", folded.bias(), (long) n, 1L);
    return graph.add(name, "Add", graph.add(name + ".product", "MatMul", weight, x), bias);
  }

  private String fullyConnected(String name, String x, int outputs, int inputs) {
    Folded folded = weights.fold(name + ".fc", name + ".bn", outputs, inputs);
    return gemm(name, name, x, folded, outputs, inputs);
  }

  /** x·W'ᵀ + b': {@code [M, inputs] → [M, outputs]}. */
  private String gemm(String value, String name, String x, Folded folded, long out, long in) {
    return graph.add(
        value,
        "Gemm",
        Map.of("transB", Attribute.of(1L)),
        x,
        graph.floats(name + ".weight", folded.weight(), out, in),
        graph.floats(name + ".bias", folded.bias(), out));
  }

  private String convolution(String name, String x, Folded folded, long k, long stride, long pad) {
    long out = folded.bias().length;
    long in = folded.weight().length / (out * k * k);
    return graph.add(
        name,
        "Conv",
        Map.of(
            "kernel_shape", Attribute.of(k, k),
            "strides", Attribute.of(stride, stride),
            "pads", Attribute.of(pad, pad, pad, pad)),
        x,
        graph.floats(name + ".weight", folded.weight(), out, in, k, k),
        graph.floats(name + ".bias", folded.bias(), out));
  }

  /** {@code [M, C, H, W] → [M·N, C]}. */
  private String tokens(String patch, String images, StageShape shape) {
    String last = graph.transpose(patch + ".channels_last", images, 0L, 2L, 3L, 1L);
    return graph.reshape(patch + ".tokens", last, -1, shape.channels());
  }
}
