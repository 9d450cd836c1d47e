package spikemlp.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;
import spikemlp.layer.Execution;
import spikemlp.layer.Head;
import spikemlp.layer.ImagePatches;
import spikemlp.layer.Parameters;
import spikemlp.layer.PatchLayer;
import spikemlp.layer.PatchPartition;
import spikemlp.layer.PatchWeight;
import spikemlp.layer.Shape;
import spikemlp.layer.SpikingLayer;
import spikemlp.layer.SpikingPatchEncoding;
import spikemlp.layer.StageGradients;

/** The layers of a network with work buffers for batches of one size, which it owns. */
final class Layers implements AutoCloseable {

  private final Execution execution;
  private final Tensor images;
  private final List<Stage> stages = new ArrayList<>();
  private final Head head;
  private final List<SpikingLayer> neurons = new ArrayList<>();

  Layers(NetworkConfig config, Parameters parameters, NetworkWeights weights, Execution execution) {
    this.execution = execution;
    this.images =
        execution.buffer(
            (long) execution.batch()
                * NetworkConfig.IMAGE_CHANNELS
                * config.imageHeight()
                * config.imageWidth());
    List<StageShape> shapes = config.stages();
    Optional<StageGradients> gradients = Optional.empty();
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = new Shape(config, shapes.get(i));
      gradients = Optional.of(StageGradients.of(execution, shape, gradients));
      Stage stage =
          new Stage(
              execution,
              parameters,
              weights.mixers().get(i),
              "stages." + i,
              shape,
              patch(config, parameters, weights.patches().get(i), i),
              gradients.get());
      stages.add(stage);
      neurons.addAll(stage.neurons());
    }
    Stage last = stages.getLast();
    this.head =
        new Head(
            execution,
            parameters,
            weights.head(),
            new Shape(config, shapes.getLast()),
            last.spikes(),
            last.spikesGradient());
    neurons.add(head.neurons());
  }

  private PatchLayer patch(NetworkConfig config, Parameters parameters, PatchWeight weight, int i) {
    Shape to = new Shape(config, config.stages().get(i));
    if (i == 0) {
      return new ImagePatches(execution, parameters, weight, to, images);
    }
    Shape from = new Shape(config, config.stages().get(i - 1));
    Spikes x = stages.getLast().spikes();
    Tensor dx = stages.getLast().spikesGradient();
    return switch (config.patchEncoding()) {
      case SPE ->
          new SpikingPatchEncoding(
              execution, parameters, weight, "stages." + i + ".patch", from, to, x, dx);
      case PARTITION -> new PatchPartition(execution, parameters, weight, from, to, x, dx);
    };
  }

  /** The batch's images {@code [B, 3, H, W]}. */
  Tensor images() {
    return images;
  }

  /** The neurons in the topology's order. */
  List<SpikingLayer> neurons() {
    return neurons;
  }

  /** The logits {@code [B][T][K]} of the images. */
  double[][][] forward() {
    stages.forEach(Stage::forward);
    return head.forward();
  }

  /** All gradients, after {@link #forward()}. */
  void backward(double[][][] dLogits) {
    head.backward(dLogits);
    stages.reversed().forEach(Stage::backward);
  }

  @Override
  public void close() {
    execution.close();
  }
}
