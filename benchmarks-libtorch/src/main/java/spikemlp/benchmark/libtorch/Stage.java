package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.scoped;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import spikemlp.contract.network.StageShape;

/** A stage: h from its patch layer, x = LIF(h), its mixers. */
final class Stage {

  private final int timeSteps;
  private final boolean constant;
  private final PatchLayer patch;
  private final SpikingLayer lifPatch;
  private final List<Mixer> mixers = new ArrayList<>();

  Stage(Parts parts, int i) {
    StageShape shape = parts.config().stages().get(i);
    String name = "stages." + i;
    this.timeSteps = parts.config().timeSteps();
    this.constant = i == 0;
    this.patch = PatchLayer.of(parts, i);
    this.lifPatch = parts.neurons(name + ".lif_patch");
    for (int j = 0; j < shape.depth(); j++) {
      mixers.add(new Mixer(parts, name + ".mixers." + j, shape, j == 0, j == shape.depth() - 1));
    }
  }

  List<SpikingLayer> neurons() {
    List<SpikingLayer> neurons = new ArrayList<>(patch.neurons());
    neurons.add(lifPatch);
    mixers.forEach(mixer -> neurons.addAll(mixer.neurons()));
    return neurons;
  }

  List<Product> products() {
    List<Product> products = new ArrayList<>(patch.products());
    mixers.forEach(mixer -> products.addAll(mixer.products()));
    return products;
  }

  /** The last mixer's spikes. */
  Tensor forward(Tensor input, boolean training) {
    return scoped(() -> {
      State h = new State(patch.forward(input, training), constant, timeSteps);
      Tensor x = scoped(() -> lifPatch.forward(h.copy(), training));
      Optional<Tensor> previous = Optional.empty();
      for (Mixer mixer : mixers) {
        Mixer.Output output = mixer.forward(x, h, previous, training);
        x = output.spikes();
        previous = output.channelState();
      }
      return x;
    });
  }

  /** The input's gradient from that of the last mixer's spikes. */
  Tensor backward(Tensor ds) {
    return scoped(() -> {
      Tensor dh = torch.zeros_like(ds);
      Tensor dx = ds;
      Optional<Tensor> dc = Optional.empty();
      for (Mixer mixer : mixers.reversed()) {
        Mixer.Gradient gradient = mixer.backward(dx, dh, dc);
        dx = gradient.spikes();
        dc = gradient.previous();
      }
      dh.add_(lifPatch.backward(dx));
      return patch.backward(constant ? overSteps(dh) : dh);
    });
  }

  private Tensor overSteps(Tensor dh) {
    return dh.view(timeSteps, dh.size(0) / timeSteps, dh.size(1)).sum(0);
  }
}
