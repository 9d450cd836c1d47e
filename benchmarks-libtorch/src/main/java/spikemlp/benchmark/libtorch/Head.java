package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.keep;
import static spikemlp.benchmark.libtorch.Native.scoped;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;

/** LIF(BN(W over the tokens)), the mean over tokens, the classifier, and the loss. */
final class Head {

  private final NetworkConfig config;
  private final StageShape shape;
  private final Product tokenFc;
  private final SpikingLayer lif;
  private final Tensor classifier;
  private final Tensor bias;
  private Optional<Graph> graph = Optional.empty();

  /** The classifier's graph: spikes to logits {@code [T, B, K]}. */
  private record Graph(Tensor spikes, Tensor logits) {
    void close() {
      spikes.close();
      logits.close();
    }
  }

  Head(Parts parts) {
    this.config = parts.config();
    this.shape = config.stages().getLast();
    int c = shape.channels();
    int tokens = shape.tokens();
    Operation operation = new Operation.OverAxis(tokens, c, c, parts.settings().axis());
    this.tokenFc = Product.fc(parts.weights(), config, "head.token_fc", operation, tokens);
    this.lif = parts.neurons("head.lif");
    this.classifier = parts.weights().leaf(List.of("head.classifier.weight"), config.classes(), c);
    this.bias = parts.weights().leaf(List.of("head.classifier.bias"), config.classes());
  }

  SpikingLayer neurons() {
    return lif;
  }

  Product product() {
    return tokenFc;
  }

  /** The logits {@code [T, B, K]} of rows x. */
  Tensor forward(Tensor x, boolean training) {
    return scoped(() -> {
      Tensor s = lif.forward(tokenFc.forward(x, training), training);
      if (!training) {
        return classify(s);
      }
      GradMode.set_enabled(true);
      try {
        Tensor leaf = s.detach().set_requires_grad(true);
        Tensor logits = classify(leaf);
        forget();
        graph = Optional.of(new Graph(keep(new Tensor(leaf)), keep(logits)));
        return logits;
      } finally {
        GradMode.set_enabled(false);
      }
    });
  }

  private Tensor classify(Tensor spikes) {
    long steps = config.timeSteps();
    Tensor features = spikes.view(steps, -1, shape.tokens(), shape.channels()).mean(2L);
    return torch.linear(features, classifier, new TensorOptional(bias));
  }

  /**
   * The loss of the last forward and the gradient δx.
   *
   * @param dx where the gradient is handed on
   * @return the loss
   */
  Tensor backward(Tensor labels, LossFunction loss, Consumer<Tensor> dx) {
    Graph done = graph.orElseThrow(() -> new IllegalStateException("backward without forward"));
    graph = Optional.empty();
    Tensor value;
    GradMode.set_enabled(true);
    try {
      value = loss.of(done.logits(), labels);
    } finally {
      GradMode.set_enabled(false);
    }
    value.backward();
    try (PointerScope _ = new PointerScope()) {
      Tensor ds = new Tensor(done.spikes().grad());
      done.close();
      dx.accept(scoped(() -> tokenFc.backward(lif.backward(ds))));
    }
    return value;
  }

  /** Frees a graph that no backward came for. */
  void forget() {
    graph.ifPresent(Graph::close);
    graph = Optional.empty();
  }
}
