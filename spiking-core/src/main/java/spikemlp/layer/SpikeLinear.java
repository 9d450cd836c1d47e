package spikemlp.layer;

import java.util.ArrayList;
import java.util.List;
import spikemlp.kernel.Product;
import spikemlp.kernel.Product.Matrix;
import spikemlp.kernel.SpikeProduct;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/**
 * A fully connected layer over channels of spikes, without bias: Y = Σ over inputs of X·Wᵀ, X
 * {@code [B·R, I]}, W {@code [O, I]}, Y {@code [B·R, O]}, R = T·H·W rows a sample. Several inputs
 * stand for their concatenation.
 *
 * <p>Backward: δX = δY·W, a dense product, and δW = δYᵀ·X by slice, joined by {@link
 * #finishGradient()}.
 */
final class SpikeLinear {

  private final Execution execution;
  private final Parameters parameters;
  private final List<LinearWeight> weights;
  private final Tensor y;
  private final int rows;
  private final SpikeProduct product;
  private final List<Product[]> inputGradients = new ArrayList<>();
  private long preparedVersion = -1;

  SpikeLinear(
      Execution execution,
      Parameters parameters,
      List<LinearWeight> weights,
      List<Spikes> inputs,
      Tensor y,
      int rows) {
    this.execution = execution;
    this.parameters = parameters;
    this.weights = List.copyOf(weights);
    this.y = y;
    this.rows = rows;
    List<SpikeProduct.Part> parts = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      parts.add(new SpikeProduct.Part(inputs.get(i), weights.get(i).offset()));
    }
    this.product =
        execution
            .kernels()
            .product(parameters.values(), parts, weights.getFirst().outputs(), execution.slices());
  }

  /** Says where the inputs' gradients go, in the inputs' order. */
  SpikeLinear withInputGradients(Tensor dy, Tensor... dx) {
    for (int i = 0; i < dx.length; i++) {
      LinearWeight weight = weights.get(i);
      inputGradients.add(
          products(
              new Matrix(dx[i], 0, weight.inputs()),
              weight.in(parameters.values()),
              new Matrix(dy, 0, weight.outputs())));
    }
    return this;
  }

  /** The products of each sample: what they write is still in a cache when it is read. */
  private Product[] products(Matrix dx, Matrix w, Matrix dy) {
    Product[] products = new Product[execution.batch()];
    for (int b = 0; b < products.length; b++) {
      products[b] = Product.of(dx, w, dy, (long) b * rows, (b + 1L) * rows);
    }
    return products;
  }

  /** Takes over changed weights; before {@link #forward}. */
  void prepare() {
    if (preparedVersion != parameters.version()) {
      execution.forEachSlice(slice -> product.prepare(slice, execution.slices()));
      preparedVersion = parameters.version();
    }
  }

  /** A sample's Y, and its sums for {@code norm}. */
  void forward(int sample, BatchNorm norm) {
    product.forward((long) sample * rows, rows, y, sample, norm.moments(sample));
  }

  /** This slice's part of δW is 0; before {@link #weightGradient}. */
  void clearGradient(int slice) {
    product.clearGradient(slice);
  }

  /** Adds a sample's part of δW to its slice's. */
  void weightGradient(int slice, Tensor dy, int sample) {
    product.weightGradient(slice, dy, (long) sample * rows, rows);
  }

  /** A sample's δX = δY·W of each input. */
  void inputGradients(int sample) {
    for (int i = 0; i < inputGradients.size(); i++) {
      inputGradients.get(i)[sample].inputGradient();
    }
  }

  /** δW = the slices' parts, added in their order. */
  void finishGradient() {
    execution.forEachSlice(
        slice -> product.finishGradient(parameters.gradients(), slice, execution.slices()));
  }
}
