package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.keep;

import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import spikemlp.contract.network.NetworkConfig;

/**
 * z = BN(W·x): a stretch of graph that autograd differentiates. In training it holds the graph from
 * forward to backward.
 */
final class Product {

  private final Operation operation;
  private final NetworkConfig config;
  private final boolean inputGradient;
  private final int repeats;
  private final Tensor weight;
  private final Tensor gamma;
  private final Tensor beta;
  private final Tensor mean;
  private final Tensor variance;
  private Optional<Graph> graph = Optional.empty();

  /** A forward's input leaf and output. */
  private record Graph(Tensor input, Tensor output) {
    void close() {
      input.close();
      output.close();
    }
  }

  /**
   * @param products the canonical names whose {@code .weight} it reads, several for a product whose
   *     outputs are several layers'
   * @param norms their normalisations'
   * @param features of the normalisation
   */
  Product(
      Weights weights,
      NetworkConfig config,
      List<String> products,
      List<String> norms,
      Operation operation,
      long features,
      boolean inputGradient,
      int repeats) {
    this.operation = operation;
    this.config = config;
    this.inputGradient = inputGradient;
    this.repeats = repeats;
    this.weight = weights.leaf(named(products, ".weight"), operation.weightShape());
    this.gamma = weights.leaf(named(norms, ".weight"), features);
    this.beta = weights.leaf(named(norms, ".bias"), features);
    this.mean = weights.statistic(named(norms, ".running_mean"), features);
    this.variance = weights.statistic(named(norms, ".running_var"), features);
  }

  /** {@code name.fc} and {@code name.bn}. */
  static Product fc(
      Weights weights, NetworkConfig config, String name, Operation operation, long features) {
    return new Product(
        weights,
        config,
        List.of(name + ".fc"),
        List.of(name + ".bn"),
        operation,
        features,
        true,
        1);
  }

  /** {@code name.conv} and {@code name.bn} for each name, outputs one after the other. */
  static Product convolution(
      Weights weights,
      NetworkConfig config,
      List<String> names,
      Operation operation,
      long features) {
    return new Product(
        weights, config, named(names, ".conv"), named(names, ".bn"), operation, features, true, 1);
  }

  /**
   * The image's patch convolution. It runs once for all T, so that its running variance is that of
   * T times as many numbers.
   */
  static Product image(
      Weights weights, NetworkConfig config, String name, Operation operation, long features) {
    return new Product(
        weights,
        config,
        List.of(name + ".conv"),
        List.of(name + ".bn"),
        operation,
        features,
        false,
        config.timeSteps());
  }

  private static List<String> named(List<String> layers, String suffix) {
    return layers.stream().map(layer -> layer + suffix).toList();
  }

  /** z as rows. The caller may write to them: nothing in backward reads z. */
  Tensor forward(Tensor x, boolean training) {
    return Native.scoped(
        () -> training ? record(x) : operation.rows(normalised(x, variance, false)));
  }

  private Tensor record(Tensor x) {
    forget();
    // Autograd refuses a running variance that was written to after batch_norm has saved it.
    Tensor running = repeats > 1 ? variance.clone() : variance;
    GradMode.set_enabled(true);
    Tensor output;
    try {
      Tensor leaf = x.detach().set_requires_grad(inputGradient);
      output = operation.rows(normalised(leaf, running, true));
      graph = Optional.of(new Graph(keep(new Tensor(leaf)), keep(output)));
    } finally {
      GradMode.set_enabled(false);
    }
    if (repeats > 1) {
      updateVariance(running, output.numel() / output.size(1));
    }
    return output.detach();
  }

  private Tensor normalised(Tensor x, Tensor running, boolean training) {
    return torch.batch_norm(
        operation.apply(x, weight),
        new TensorOptional(gamma),
        new TensorOptional(beta),
        new TensorOptional(mean),
        new TensorOptional(running),
        training,
        config.bnMomentum(),
        config.bnEps(),
        false);
  }

  /** Updates the running variance with n·T/(n·T − 1) in place of n/(n − 1). */
  private void updateVariance(Tensor updated, long n) {
    Tensor old = variance.mul(new Scalar(1 - config.bnMomentum()));
    double all = (double) n * repeats;
    double factor = all / (all - 1) * (n - 1) / n;
    variance.copy_(updated.sub(old).mul_(new Scalar(factor)).add_(old));
  }

  /** The input's gradient from z's; the weights' is added to theirs. Frees the graph. */
  Tensor backward(Tensor dz) {
    Graph done = graph.orElseThrow(() -> new IllegalStateException("backward without forward"));
    graph = Optional.empty();
    return Native.scoped(() -> {
      done.output().backward(dz, new BoolOptional(), false, new TensorArrayRefOptional());
      Tensor dx = inputGradient ? new Tensor(done.input().grad()) : dz;
      done.close();
      return dx;
    });
  }

  /** Frees a graph that no backward came for. */
  void forget() {
    graph.ifPresent(Graph::close);
    graph = Optional.empty();
  }
}
