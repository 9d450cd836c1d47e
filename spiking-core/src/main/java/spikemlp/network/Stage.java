package spikemlp.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import spikemlp.kernel.Current;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;
import spikemlp.layer.Execution;
import spikemlp.layer.Mixer;
import spikemlp.layer.MixerWeight;
import spikemlp.layer.Parameters;
import spikemlp.layer.PatchLayer;
import spikemlp.layer.Shape;
import spikemlp.layer.SpikingLayer;
import spikemlp.layer.StageGradients;

/** A stage: h from its patch layer, x = LIF(h), then its mixers, which may add h again. */
final class Stage {

  private final Execution execution;
  private final PatchLayer patch;
  private final SpikingLayer lifPatch;
  private final List<Mixer> mixers = new ArrayList<>();
  private final StageGradients gradients;

  Stage(
      Execution execution,
      Parameters parameters,
      List<MixerWeight> weights,
      String name,
      Shape shape,
      PatchLayer patch,
      StageGradients gradients) {
    this.execution = execution;
    this.patch = patch;
    this.gradients = gradients;
    this.lifPatch =
        shape.neurons(execution, name + ".lif_patch", shape.stage().channels(), patch.state());
    Spikes x = lifPatch.spikes();
    Optional<Current> previous = Optional.empty();
    for (int j = 0; j < weights.size(); j++) {
      Mixer mixer =
          new Mixer(
              execution,
              parameters,
              weights.get(j),
              name + ".mixers." + j,
              shape,
              gradients,
              x,
              patch.state(),
              previous,
              j == 0,
              j == weights.size() - 1);
      mixers.add(mixer);
      x = mixer.spikes();
      previous = mixer.channelState();
    }
  }

  /** The last mixer's spikes. */
  Spikes spikes() {
    return mixers.getLast().spikes();
  }

  /** Where the gradient of the last mixer's spikes goes. */
  Tensor spikesGradient() {
    return gradients.spikes();
  }

  /** The neurons in their order. */
  List<SpikingLayer> neurons() {
    List<SpikingLayer> neurons = new ArrayList<>(patch.neurons());
    neurons.add(lifPatch);
    mixers.forEach(mixer -> neurons.addAll(mixer.neurons()));
    return neurons;
  }

  void forward() {
    patch.forward();
    execution.forEachSample(lifPatch::forward);
    mixers.forEach(Mixer::forward);
  }

  void backward() {
    execution.forEachSample(b -> execution.clear(b, gradients.state()));
    mixers.reversed().forEach(Mixer::backward);
    execution.forEachSample(b -> {
      lifPatch.backward(b, gradients.spikes());
      execution.add(b, gradients.spikes(), gradients.state());
    });
    patch.backward(gradients.state());
  }
}
