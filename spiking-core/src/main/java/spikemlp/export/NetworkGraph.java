package spikemlp.export;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.StageShape;
import spikemlp.export.FoldedWeights.Folded;
import spikemlp.export.LifNodes.Spikes;
import spikemlp.export.OnnxGraph.Attribute;
import spikemlp.export.OnnxGraph.Axis;
import spikemlp.export.OnnxGraph.Port;
import spikemlp.layer.ImageGrid;
import spikemlp.network.Folding;

/**
 * The network's inference as ONNX nodes, every layer's T steps in one product.
 *
 * <p>States and spikes are tokens {@code [T·B·N, C]}, N = H·W, time outermost and channels last:
 * the batch stays free, one step is one contiguous part, and each other view, {@code [T·B, H, W·C]}
 * for the token block or {@code [T·B, N, C]} for the head, is a reshape that copies nothing.
 *
 * <p>Each product's sums are exact in any order ({@link Folding}), and each addition of states is a
 * node of its own in the core's order: every runtime gets the core's bits. No state is added to a
 * convolution's output as it comes, before its transpose, because runtimes fuse such an addition
 * into the convolution, where it would come first.
 *
 * <p>With 8-bit weights the spikes that go into products over channels are 8-bit numbers, and such
 * a product is one node of ONNX Runtime's own, which sums whole numbers and scales the sum.
 */
final class NetworkGraph {

  private final NetworkConfig config;
  private final FoldedWeights weights;
  private final GraphBuilder graph = new GraphBuilder();
  private final LifNodes lif;
  private final Spikes toProducts;
  private final Map<String, String> spikes = new LinkedHashMap<>();
  private final Set<String> inBytes = new HashSet<>();
  private final Map<String, String> reals = new HashMap<>();

  private NetworkGraph(
      Map<String, WeightTensor> weights, NetworkConfig config, WeightPrecision precision) {
    this.config = config;
    this.weights = new FoldedWeights(weights, config, precision);
    this.toProducts =
        switch (precision) {
          case FP32 -> Spikes.REAL;
          case INT8 -> Spikes.BYTES;
        };
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
      Map<String, WeightTensor> weights,
      ModelCard card,
      WeightPrecision precision,
      Map<String, String> metadata) {
    NetworkGraph network = new NetworkGraph(weights, card.network(), precision);
    network.layers();
    network.weights.requireAllTaken();
    network.spikes.replaceAll((_, value) -> network.real(value));
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
    String x = fire("stages.0.lif_patch", everyStep, toProducts);
    x = mixers(0, stages.getFirst(), graph.concat("stages.0.patch.every_step", 0, everyStep), x);
    for (int i = 1; i < stages.size(); i++) {
      StageShape from = stages.get(i - 1);
      StageShape to = stages.get(i);
      String patch = "stages." + i + ".patch";
      String images = images(patch, x, from, from.channels());
      String h =
          switch (config.patchEncoding()) {
            case SPE -> spikingPatchEncoding(patch, images, from, to);
            case PARTITION -> patchPartition(patch, images, from, to);
          };
      x = mixers(i, to, h, fire("stages." + i + ".lif_patch", h, toProducts));
    }
    head(stages.getLast(), x);
  }

  /**
   * Conv + BN of the image, once: {@code [B, 3, H·p, W·p] → [B·N, C]}, the same at every step. A
   * matrix product in double precision, of the image on its grid, each sum rounded once.
   */
  private String firstPatch(StageShape shape) {
    int p = config.patchSize();
    int window = NetworkConfig.IMAGE_CHANNELS * p * p;
    String patch = "stages.0.patch";
    String conv = patch + ".conv";
    Folded folded =
        weights.fold(conv, patch + ".bn", shape.channels(), NetworkConfig.IMAGE_CHANNELS, p, p);
    String squares =
        graph.reshape(
            patch + ".squares",
            onGrid(patch, ModelCard.INPUT_NAME),
            -1,
            NetworkConfig.IMAGE_CHANNELS,
            shape.height(),
            p,
            shape.width(),
            p);
    String windows =
        graph.reshape(
            patch + ".windows",
            graph.transpose(patch + ".window_last", squares, 0L, 2L, 4L, 1L, 3L, 5L),
            -1,
            window);
    float[] transposed = transposed(folded.weight(), window);
    String weight =
        graph.floats(conv + ".weight", transposed, (long) window, (long) shape.channels());
    String sums =
        graph.add(
            conv,
            "MatMul",
            graph.doubles(patch + ".windows.double", windows),
            graph.doubles(conv + ".weight.double", weight));
    return graph.add(
        patch + ".tokens",
        "Add",
        graph.singles(conv + ".single", sums),
        graph.floats(conv + ".bias", folded.bias(), (long) shape.channels()));
  }

  /** The image on the {@link ImageGrid}: scaling by powers of two is exact. */
  private String onGrid(String patch, String image) {
    String clipped =
        graph.add(
            patch + ".clip",
            "Clip",
            image,
            graph.scalar(-ImageGrid.LIMIT),
            graph.scalar(ImageGrid.LIMIT));
    String steps = graph.add(patch + ".steps", "Mul", clipped, graph.scalar(ImageGrid.STEPS));
    String whole = graph.add(patch + ".round", "Round", steps);
    return graph.add(patch + ".on_grid", "Mul", whole, graph.scalar(1 / ImageGrid.STEPS));
  }

  private static float[] transposed(float[] weight, int columns) {
    float[] transposed = new float[weight.length];
    int rows = weight.length / columns;
    for (int i = 0; i < weight.length; i++) {
      transposed[i % columns * rows + i / columns] = weight[i];
    }
    return transposed;
  }

  /** Conv + BN of spikes, k = 2, stride 2: {@code [T·B, C', H', W'] → [T·B·N, C]}. */
  private String patchPartition(String patch, String images, StageShape from, StageShape to) {
    Folded folded =
        weights.fold(patch + ".conv", patch + ".bn", to.channels(), from.channels(), 2, 2);
    return convolution(patch + ".conv", images, folded, 2, 2, 0);
  }

  /** The three nodes a, b, d; their convolutions of the input are one, {@code [T·B·N, 3n]}. */
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
            between(patch + ".node_1_2", fire(patch + ".lif_1", a, Spikes.REAL), to, n));
    String joined =
        graph.add(
            patch + ".node_3",
            "Add",
            states.get(2),
            between(patch + ".node_2_3", fire(patch + ".lif_2", b, Spikes.REAL), to, n));
    String d = graph.add(patch + ".d", "Add", joined, a);
    return graph.concat(patch + ".nodes", 1, List.of(a, b, d));
  }

  private String between(String name, String spikes, StageShape shape, int n) {
    Folded folded = weights.fold(name + ".conv", name + ".bn", n, n, 3, 3);
    return convolution(name, images(name, spikes, shape, n), folded, 3, 1, 1);
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
      String c = channelBlock(mixer, shape.channels(), fire(mixer + ".lif_token", y, toProducts));
      String v = skips.pc() ? graph.add(mixer + ".pc", "Add", c, h) : c;
      v = skips.tc() ? graph.add(mixer + ".tc", "Add", v, t) : v;
      boolean last = j == shape.depth() - 1;
      x = fire(mixer + ".lif_channel", v, last ? Spikes.REAL : toProducts);
      previous = c;
    }
    return x;
  }

  /** t = BN_C(W_f · concat(u_h, u_w, x)), u_h and u_w the spikes of the FCs along each axis. */
  private String tokenBlock(String mixer, StageShape shape, String x) {
    int c = shape.channels();
    String real = real(x);
    String rows =
        graph.reshape(mixer + ".rows", real, -1, shape.height(), (long) shape.width() * c);
    String columns = graph.reshape(mixer + ".columns", real, -1, shape.width(), c);
    String h =
        fire(mixer + ".lif_h", alongAxis(mixer + ".token_h", rows, shape.height()), toProducts);
    String w =
        fire(mixer + ".lif_w", alongAxis(mixer + ".token_w", columns, shape.width()), toProducts);
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
    String hiddenSpikes = fire(mixer + ".lif_hidden", z, toProducts);
    return fullyConnected(mixer + ".channel_2", hiddenSpikes, c, hidden);
  }

  /** FC over N tokens, LIF, then the spikes summed over T and N into the classifier. */
  private void head(StageShape shape, String x) {
    int n = shape.tokens();
    int c = shape.channels();
    String flat = graph.reshape("head.tokens", x, -1, n, c);
    String fired = fire("head.lif", alongAxis("head.token_fc", flat, n), Spikes.REAL);
    String steps = graph.reshape("head.steps", fired, config.timeSteps(), -1, n, c);
    String sums = graph.reshape("head.sums", graph.sum("head.sum", steps, 0, 2), -1, c);
    Folded classifier =
        weights.classifier(
            "head.classifier", config.classes(), c, 1.0 / ((double) n * config.timeSteps()));
    gemm(ModelCard.LOGITS_NAME, "head.classifier", sums, classifier, config.classes(), c);
  }

  private String fire(String name, String z, Spikes as) {
    return fired(name, lif.fire(name, z, as), as);
  }

  private String fire(String name, List<String> z, Spikes as) {
    return fired(name, lif.fire(name, z, as), as);
  }

  private String fired(String name, String value, Spikes as) {
    if (as == Spikes.BYTES) {
      inBytes.add(value);
    }
    spikes.put(name, value);
    return value;
  }

  /** A value in single precision, of one node however often it is asked for. */
  private String real(String value) {
    return inBytes.contains(value)
        ? reals.computeIfAbsent(value, _ -> graph.singles(value + ".real", value))
        : value;
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
    return folded.inBytes()
        ? QuantisedProduct.add(graph, name, x, folded, outputs, inputs)
        : gemm(name, name, x, folded, outputs, inputs);
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

  /** A convolution's tokens: {@code [M, C', H', W'] → [M·N, C]}. */
  private String convolution(String name, String x, Folded folded, long k, long stride, long pad) {
    long out = folded.bias().length;
    long in = folded.weight().length / (out * k * k);
    String images =
        graph.add(
            name,
            "Conv",
            Map.of(
                "kernel_shape", Attribute.of(k, k),
                "strides", Attribute.of(stride, stride),
                "pads", Attribute.of(pad, pad, pad, pad)),
            x,
            graph.floats(name + ".weight", folded.weight(), out, in, k, k),
            graph.floats(name + ".bias", folded.bias(), out));
    String last = graph.transpose(name + ".channels_last", images, 0L, 2L, 3L, 1L);
    return graph.reshape(name + ".tokens", last, -1, out);
  }

  /** {@code [M·N, C] → [M, C, H, W]}. */
  private String images(String name, String tokens, StageShape shape, int channels) {
    String grid =
        graph.reshape(name + ".grid", tokens, -1, shape.height(), shape.width(), channels);
    return graph.transpose(name + ".images", grid, 0L, 3L, 1L, 2L);
  }
}
