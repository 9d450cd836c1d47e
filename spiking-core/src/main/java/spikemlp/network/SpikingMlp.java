package spikemlp.network;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.card.SpikeWindow;
import spikemlp.contract.card.SynapticLayer;
import spikemlp.contract.card.Topology;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Precision;
import spikemlp.kernel.Workers;
import spikemlp.layer.Execution;
import spikemlp.layer.NeuronActivity;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.layer.SpikingLayer;

/**
 * The spiking multi-layer perceptron: weights by canonical name, and inference.
 *
 * <p>Inference computes with folded weights on a grid ({@link Folding}), on which sums are exact:
 * its spikes are the same bits for any batch, number of threads and order of additions.
 *
 * <p>Owns native memory: close it. Not thread-safe: one thread at a time calls it; inference shares
 * the samples out to the cores itself.
 */
public final class SpikingMlp implements AutoCloseable {

  private final NetworkConfig config;
  private final Kernels kernels;
  private final Topology topology;
  private final Parameters parameters;
  private final FoldedParameters folded;
  private final NetworkWeights weights;
  private final List<Layers> inference = new ArrayList<>();

  private SpikingMlp(NetworkConfig config, Kernels kernels, WeightPrecision precision) {
    this.config = config;
    this.kernels = kernels;
    this.topology = Topology.of(config);
    Parameters.Layout layout = new Parameters.Layout();
    this.weights = NetworkWeights.lay(config, layout);
    this.parameters = layout.allocate(kernels.precision());
    this.folded = new FoldedParameters(config, kernels.precision(), precision, parameters, layout);
  }

  /** A network in single precision with PyTorch's default initialisation. */
  public static SpikingMlp create(NetworkConfig config, long seed) {
    return create(config, seed, Precision.SINGLE);
  }

  /** A network in a precision; double is slow and serves to check single. */
  public static SpikingMlp create(NetworkConfig config, long seed, Precision precision) {
    return create(config, seed, Kernels.of(precision));
  }

  static SpikingMlp create(NetworkConfig config, long seed, Kernels kernels) {
    SpikingMlp network = new SpikingMlp(config, kernels, WeightPrecision.FP32);
    Initialisation.initialise(network.parameters, seed);
    return network;
  }

  /**
   * Another network with copies of this one's weights, whose inference computes with 8-bit weights
   * where {@link Folding} says so; the caller closes it.
   *
   * @throws IllegalArgumentException if this one computes in double precision
   */
  public SpikingMlp quantised() {
    SpikingMlp network = new SpikingMlp(config, kernels, WeightPrecision.INT8);
    network.load(weights());
    return network;
  }

  /** How many numbers a network of that configuration learns. */
  public static long parameterCount(NetworkConfig config) {
    Parameters.Layout layout = new Parameters.Layout();
    NetworkWeights.lay(config, layout);
    return layout.trainable();
  }

  public NetworkConfig config() {
    return config;
  }

  /** The neuron layers and products, in their order. */
  public Topology topology() {
    return topology;
  }

  /** The numbers, for whoever trains or checks the network. */
  public Parameters parameters() {
    return parameters;
  }

  /** Copies of all weights and running statistics by canonical name, in the network's order. */
  public Map<String, WeightTensor> weights() {
    Map<String, WeightTensor> copies = new LinkedHashMap<>();
    for (Parameter parameter : parameters.byName().values()) {
      double[] numbers = parameters.read(parameter, parameters.home(parameter));
      copies.put(parameter.name(), tensor(parameter, numbers));
    }
    return copies;
  }

  private static WeightTensor tensor(Parameter parameter, double[] numbers) {
    float[] values = new float[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) numbers[i];
    }
    return new WeightTensor(parameter.shape().clone(), values);
  }

  /**
   * Replaces all weights and running statistics.
   *
   * @throws IllegalArgumentException if a name is missing or unknown, a shape is another or a value
   *     is not finite; the message names every such tensor, and nothing has changed
   */
  public void load(Map<String, WeightTensor> tensors) {
    List<String> problems = new ArrayList<>();
    for (Parameter parameter : parameters.byName().values()) {
      WeightTensor tensor = tensors.get(parameter.name());
      if (tensor == null) {
        problems.add(parameter.name() + " is missing");
      } else if (!Arrays.equals(tensor.shape(), parameter.shape())) {
        problems.add(
            parameter.name()
                + " should have shape "
                + Arrays.toString(parameter.shape())
                + ", not "
                + Arrays.toString(tensor.shape()));
      } else {
        tensor
            .notFinite()
            .ifPresent(value ->
                problems.add(
                    parameter.name() + " holds " + value + " where only finite numbers may be"));
      }
    }
    for (String name : tensors.keySet()) {
      if (!parameters.byName().containsKey(name)) {
        problems.add(name + " is not part of this network");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "the weights do not fit the network: " + String.join("; ", problems));
    }
    tensors.forEach((name, tensor) -> {
      double[] numbers = new double[tensor.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = tensor.values()[i];
      }
      Parameter parameter = parameters.named(name);
      parameters.write(parameter, parameters.home(parameter), numbers);
    });
    parameters.changed();
  }

  /**
   * What inference tells of a batch; a sample's rows do not depend on the rest of the batch.
   *
   * @param logits averaged over T, {@code [B][K]}
   * @param spikes spikes over T by neuron layer, {@code [B][L]}, columns as {@link
   *     Topology#neurons()}
   * @param windows spikes over T weighted by the windows they lie in, {@code [B][Q]}, columns as
   *     {@link Topology#windows()}
   */
  public record Outputs(float[][] logits, long[][] spikes, long[][] windows) {}

  /**
   * Classifies images with the running statistics, folded.
   *
   * @param images {@code [B, 3, H, W]}, normalised
   * @param batch B
   * @throws IllegalArgumentException if there are not as many numbers as B images have, one of them
   *     is not finite, or the weights cannot be folded ({@link Folding#fold})
   */
  public Outputs infer(float[] images, int batch) {
    requireImages(images.length, batch);
    Outputs outputs = new Outputs(new float[batch][], new long[batch][], new long[batch][]);
    forEachImage(images, batch, (layers, b) -> record(layers, b, outputs));
    return outputs;
  }

  /** Runs forward on each image and hands its layers on, several images at once. */
  private void forEachImage(float[] images, int batch, ObjIntConsumer<Layers> task) {
    int size = images.length / batch;
    ImageCheck.requireFinite(config, images.length, i -> images[(int) i]);
    folded.current();
    int lanes = Math.min(batch, Workers.ALL.threads());
    while (inference.size() < lanes) {
      inference.add(layers(Workers.CALLER, 1, false));
    }
    try {
      Workers.ALL.forEach(
          lanes,
          lane -> {
            Layers layers = inference.get(lane);
            for (int b = lane; b < batch; b += lanes) {
              for (int i = 0; i < size; i++) {
                layers.images().set(i, images[b * size + i]);
              }
              task.accept(layers, b);
            }
          });
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /**
   * How often each neuron fires in inference, by image and neuron layer; slower than {@link #infer}
   * and as large as the network's neurons.
   *
   * @param images {@code [B, 3, H, W]}, normalised
   * @throws IllegalArgumentException as {@link #infer} does
   */
  public List<List<NeuronActivity>> activity(float[] images, int batch) {
    requireImages(images.length, batch);
    List<List<NeuronActivity>> activity = new ArrayList<>(Collections.nCopies(batch, List.of()));
    forEachImage(
        images,
        batch,
        (layers, b) -> {
          layers.forward();
          activity.set(b, layers.neurons().stream().map(layer -> layer.activity(0)).toList());
        });
    return activity;
  }

  /**
   * The weights of inference, {@link Folding}: W' under each product's canonical name and {@code
   * .weight}, b' under its name and {@code .bias}; the classifier's as they are learnt.
   *
   * @throws IllegalArgumentException if the weights cannot be folded
   */
  public Map<String, WeightTensor> foldedWeights() {
    Parameters numbers = folded.current();
    Map<String, WeightTensor> copies = new LinkedHashMap<>();
    for (SynapticLayer layer : topology.synapses()) {
      String product = layer.name();
      String stem = product.replaceFirst("\\.conv$", "");
      String weight =
          Stream.of(stem + ".conv", stem + ".fc", stem)
              .map(name -> name + ".weight")
              .filter(numbers.byName()::containsKey)
              .findFirst()
              .orElseThrow();
      String bias = product.equals(ProductShape.CLASSIFIER) ? stem + ".bias" : stem + ".bn.bias";
      copies.put(product + ".weight", folded(numbers, weight));
      copies.put(product + ".bias", folded(numbers, bias));
    }
    return copies;
  }

  private static WeightTensor folded(Parameters numbers, String name) {
    Parameter parameter = numbers.named(name);
    return tensor(parameter, numbers.read(parameter, numbers.home(parameter)));
  }

  /**
   * The logits of each step in inference, {@code [B][T][K]}.
   *
   * @param images {@code [B, 3, H, W]}, normalised
   * @throws IllegalArgumentException as {@link #infer} does
   */
  public double[][][] logitsPerStep(double[] images, int batch) {
    requireImages(images.length, batch);
    ImageCheck.requireFinite(config, images.length, i -> images[(int) i]);
    try (Layers layers = layers(Workers.CALLER, batch, false)) {
      for (int i = 0; i < images.length; i++) {
        layers.images().set(i, images[i]);
      }
      return layers.forward();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The numbers of an image. */
  private int requireImages(int numbers, int batch) {
    int size = NetworkConfig.IMAGE_CHANNELS * config.imageHeight() * config.imageWidth();
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has 1 image or more, not " + batch);
    }
    if (numbers != (long) batch * size) {
      throw new IllegalArgumentException(
          batch + " images have " + (long) batch * size + " numbers, not " + numbers);
    }
    return size;
  }

  private void record(Layers layers, int b, Outputs outputs) {
    double[] logits = Objective.average(layers.forward())[0];
    outputs.logits()[b] = new float[logits.length];
    for (int k = 0; k < logits.length; k++) {
      outputs.logits()[b][k] = (float) logits[k];
    }
    List<SpikingLayer> neurons = layers.neurons();
    outputs.spikes()[b] = neurons.stream().mapToLong(layer -> layer.count(0)).toArray();
    outputs.windows()[b] =
        topology.windows().stream().mapToLong(window -> windows(neurons, window)).toArray();
  }

  private static long windows(List<SpikingLayer> neurons, SpikeWindow window) {
    return neurons.stream()
        .filter(layer -> layer.name().equals(window.source()))
        .mapToLong(layer -> layer.countWindows(0, window.rows(), window.columns()))
        .sum();
  }

  /** The layers with buffers for batches of one size; the caller closes them. */
  Layers layers(Workers workers, int batch, boolean training) {
    Parameters numbers = training ? parameters : folded.current();
    return new Layers(config, numbers, weights, new Execution(kernels, workers, batch, training));
  }

  Kernels kernels() {
    return kernels;
  }

  /** Frees the native memory. */
  @Override
  public void close() {
    inference.forEach(Layers::close);
    inference.clear();
    folded.close();
    parameters.close();
  }
}
