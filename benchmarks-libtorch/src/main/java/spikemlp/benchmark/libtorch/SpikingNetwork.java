package spikemlp.benchmark.libtorch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import spikemlp.checkpoint.DoubleTensor;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Surrogate;

/**
 * The spiking MLP on libtorch. Owns native memory: close it. Used by one thread, on which autograd
 * records nothing but within products.
 */
final class SpikingNetwork implements AutoCloseable {

  private final Weights weights;
  private final List<Stage> stages = new ArrayList<>();
  private final Head head;
  private final List<SpikingLayer> neurons = new ArrayList<>();
  private final List<Product> products = new ArrayList<>();

  /**
   * @param source every weight and running statistic by canonical name
   * @throws IllegalArgumentException if the weights are not the network's or its surrogate is not
   *     the sigmoid
   */
  SpikingNetwork(
      NetworkConfig config,
      Map<String, DoubleTensor> source,
      torch.ScalarType type,
      Settings settings) {
    if (config.surrogate() != Surrogate.SIGMOID) {
      throw new IllegalArgumentException(
          "the peer has the sigmoid surrogate alone, not " + config.surrogate());
    }
    GradMode.set_enabled(false);
    this.weights = new Weights(source, type);
    Parts parts = new Parts(config, weights, settings);
    try (PointerScope _ = new PointerScope()) {
      for (int i = 0; i < config.stages().size(); i++) {
        Stage stage = new Stage(parts, i);
        stages.add(stage);
        neurons.addAll(stage.neurons());
        products.addAll(stage.products());
      }
      this.head = new Head(parts);
    }
    neurons.add(head.neurons());
    products.add(head.product());
    weights.requireAllRead();
  }

  Weights weights() {
    return weights;
  }

  /** The logits {@code [T, B, K]} of images {@code [B, 3, H, W]}. */
  Tensor forward(Tensor images, boolean training) {
    return Native.scoped(() -> {
      Tensor x = images;
      for (Stage stage : stages) {
        x = stage.forward(x, training);
      }
      return head.forward(x, training);
    });
  }

  /** The loss of the last forward; adds to all gradients. */
  Tensor backward(Tensor labels, LossFunction loss) {
    return Native.scoped(() ->
        head.backward(
            labels,
            loss,
            ds -> {
              Tensor dx = ds;
              for (Stage stage : stages.reversed()) {
                dx = stage.backward(dx);
              }
            }));
  }

  /** The spikes of a forward in training before its backward, per sample over T, by neuron name. */
  Map<String, long[]> spikes(int batch) {
    Map<String, long[]> counts = new LinkedHashMap<>();
    neurons.forEach(layer -> counts.put(layer.name(), layer.counts(batch)));
    return counts;
  }

  @Override
  public void close() {
    products.forEach(Product::forget);
    neurons.forEach(SpikingLayer::forget);
    head.forget();
    weights.close();
  }
}
