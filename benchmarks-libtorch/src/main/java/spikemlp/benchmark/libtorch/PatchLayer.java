package spikemlp.benchmark.libtorch;

import static spikemlp.benchmark.libtorch.Native.scoped;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.StageShape;

/** What makes a stage's patches: rows (or images) to the stage's state h, as rows. */
sealed interface PatchLayer {

  Tensor forward(Tensor x, boolean training);

  /** δx from δh. */
  Tensor backward(Tensor dh);

  List<Product> products();

  List<SpikingLayer> neurons();

  /** The patch layer of stage {@code i}. */
  static PatchLayer of(Parts parts, int i) {
    NetworkConfig config = parts.config();
    StageShape to = config.stages().get(i);
    String name = "stages." + i + ".patch";
    if (i == 0) {
      Operation patches =
          new Operation.ImagePatches(
              NetworkConfig.IMAGE_CHANNELS, to.channels(), config.patchSize());
      return new Partition(Product.image(parts.weights(), config, name, patches, to.channels()));
    }
    StageShape from = config.stages().get(i - 1);
    if (config.patchEncoding() == PatchEncoding.SPE) {
      return Encoding.of(parts, name, from, to);
    }
    Operation convolution =
        new Operation.Convolution(
            from.channels(),
            to.channels(),
            from.height(),
            from.width(),
            2,
            2,
            0,
            parts.settings().convolution());
    return new Partition(
        Product.convolution(parts.weights(), config, List.of(name), convolution, to.channels()));
  }

  /** h = BN(Conv(x)). */
  record Partition(Product product) implements PatchLayer {
    @Override
    public Tensor forward(Tensor x, boolean training) {
      return product.forward(x, training);
    }

    @Override
    public Tensor backward(Tensor dh) {
      return product.backward(dh);
    }

    @Override
    public List<Product> products() {
      return List.of(product);
    }

    @Override
    public List<SpikingLayer> neurons() {
      return List.of();
    }
  }

  /**
   * Spiking patch encoding; the three convolutions of x are one.
   *
   * @param n channels of a node
   */
  record Encoding(
      int n, Product inputs, Product first, Product second, SpikingLayer lif1, SpikingLayer lif2)
      implements PatchLayer {

    static Encoding of(Parts parts, String name, StageShape from, StageShape to) {
      int n = to.channels() / 3;
      Settings.Convolution how = parts.settings().convolution();
      List<String> nodes =
          List.of(name + ".input_nodes.0", name + ".input_nodes.1", name + ".input_nodes.2");
      Operation halving =
          new Operation.Convolution(
              from.channels(), 3 * n, from.height(), from.width(), 3, 2, 1, how);
      Operation same = new Operation.Convolution(n, n, to.height(), to.width(), 3, 1, 1, how);
      return new Encoding(
          n,
          Product.convolution(parts.weights(), parts.config(), nodes, halving, 3L * n),
          Product.convolution(
              parts.weights(), parts.config(), List.of(name + ".node_1_2"), same, n),
          Product.convolution(
              parts.weights(), parts.config(), List.of(name + ".node_2_3"), same, n),
          parts.neurons(name + ".lif_1"),
          parts.neurons(name + ".lif_2"));
    }

    @Override
    public Tensor forward(Tensor x, boolean training) {
      return scoped(() -> {
        Tensor z = inputs.forward(x, training);
        Tensor a = third(z, 0);
        Tensor b = third(z, 1);
        Tensor d = third(z, 2);
        b.add_(scoped(() -> first.forward(lif1.forward(a.clone(), training), training)));
        d.add_(scoped(() -> second.forward(lif2.forward(b.clone(), training), training)));
        return torch.cat(new TensorVector(a, b, d.add_(a)), 1);
      });
    }

    private Tensor third(Tensor whole, int which) {
      return whole.narrow(1, (long) which * n, n).contiguous();
    }

    @Override
    public Tensor backward(Tensor dh) {
      return scoped(() -> {
        Tensor dd = third(dh, 2);
        Tensor da = third(dh, 0).add_(dd);
        Tensor db = third(dh, 1);
        db.add_(scoped(() -> lif2.backward(second.backward(dd))));
        da.add_(scoped(() -> lif1.backward(first.backward(db))));
        return inputs.backward(torch.cat(new TensorVector(da, db, dd), 1));
      });
    }

    @Override
    public List<Product> products() {
      return List.of(inputs, first, second);
    }

    @Override
    public List<SpikingLayer> neurons() {
      return List.of(lif1, lif2);
    }
  }
}
