package spikemlp.network;

import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.kernel.Tensor;
import spikemlp.kernel.Workers;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;

/**
 * Forward and backward through a network in training mode, on batches of one size. Owns the work
 * buffers: close it. Used by the thread that trains the network.
 */
public final class Backpropagation implements AutoCloseable {

  private final SpikingMlp network;
  private final Layers layers;
  private final int batch;

  public Backpropagation(SpikingMlp network, int batch) {
    this(network, batch, Workers.ALL);
  }

  /**
   * @param batch images, at least 1
   * @param workers the cores to use; the results do not depend on them
   */
  public Backpropagation(SpikingMlp network, int batch, Workers workers) {
    if (batch < 1) {
      throw new IllegalArgumentException("a batch has 1 image or more, not " + batch);
    }
    this.network = network;
    this.batch = batch;
    this.layers = network.layers(workers, batch, true);
  }

  public int batch() {
    return batch;
  }

  /** Where the next batch's images {@code [B, 3, H, W]} are written, normalised. */
  public Tensor images() {
    return layers.images();
  }

  /**
   * The logits {@code [B][T][K]}; updates the running statistics.
   *
   * @throws IllegalArgumentException if a number of the images is not finite; nothing has changed
   */
  public double[][][] forward() {
    ImageCheck.requireFinite(network.config(), layers.images().size(), layers.images()::get);
    try {
      return layers.forward();
    } finally {
      Reference.reachabilityFence(network);
    }
  }

  /** Every gradient, from the logits' {@code [B][T][K]}. */
  public void backward(double[][][] dLogits) {
    try {
      layers.backward(dLogits);
    } finally {
      Reference.reachabilityFence(network);
    }
  }

  /** One step of SGD on the gradients. */
  public void descend(double learningRate, double momentum, double weightDecay) {
    network.parameters().descend(network.kernels(), learningRate, momentum, weightDecay);
  }

  /** Copies of the gradients by canonical name, in canonical order of their numbers. */
  public Map<String, double[]> gradients() {
    Parameters parameters = network.parameters();
    Map<String, double[]> gradients = new LinkedHashMap<>();
    for (Parameter parameter : parameters.byName().values()) {
      if (parameter.trainable()) {
        gradients.put(parameter.name(), parameters.read(parameter, parameters.gradients()));
      }
    }
    return gradients;
  }

  @Override
  public void close() {
    layers.close();
  }
}
