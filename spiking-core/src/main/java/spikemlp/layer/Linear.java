package spikemlp.layer;

import spikemlp.kernel.Product;
import spikemlp.kernel.Product.Matrix;
import spikemlp.kernel.Tensor;

/**
 * A fully connected layer over channels of real numbers, without bias: Y = X·Wᵀ, X {@code [B·R,
 * I]}, W {@code [O, I]}, Y {@code [B·R, O]}, R = T·H·W rows a sample.
 *
 * <p>Backward: δX = δY·W, and δW = δYᵀ·X as a partial sum for each slice, added up in the slices'
 * order by {@link #finishGradient()}.
 */
public final class Linear {

  private final Execution execution;
  private final Parameters parameters;
  private final LinearWeight weight;
  private final Product[] forward;
  private Product[] inputGradient = {};
  private Product[] weightGradient = {};
  private final Tensor partial;

  /**
   * @param x input buffer
   * @param y output buffer
   * @param rows R, rows a sample
   */
  public Linear(
      Execution execution,
      Parameters parameters,
      LinearWeight weight,
      Tensor x,
      Tensor y,
      int rows) {
    this.execution = execution;
    this.parameters = parameters;
    this.weight = weight;
    Matrix w = weight.in(parameters.values());
    this.forward =
        products(
            execution,
            rows,
            new Matrix(x, 0, weight.inputs()),
            w,
            0,
            new Matrix(y, 0, weight.outputs()));
    this.partial = execution.training() ? execution.perSlice(weight.size()) : execution.buffer(0);
  }

  /** Says where δY comes from; {@code x} is the input once more. */
  public Linear withWeightGradient(Tensor x, Tensor dy, int rows) {
    weightGradient =
        products(
            execution,
            rows,
            new Matrix(x, 0, weight.inputs()),
            new Matrix(partial, 0, weight.inputs()),
            weight.size(),
            new Matrix(dy, 0, weight.outputs()));
    return this;
  }

  /** Says where δX goes to. */
  public Linear withInputGradient(Tensor dy, Tensor dx, int rows) {
    inputGradient =
        products(
            execution,
            rows,
            new Matrix(dx, 0, weight.inputs()),
            weight.in(parameters.values()),
            0,
            new Matrix(dy, 0, weight.outputs()));
    return this;
  }

  /** The products of each slice; {@code wStep} numbers lie between the slices' weights. */
  static Product[] products(
      Execution execution, int rows, Matrix x, Matrix w, long wStep, Matrix y) {
    Product[] products = new Product[execution.slices()];
    for (int slice = 0; slice < products.length; slice++) {
      products[slice] =
          Product.of(
              x,
              new Matrix(w.tensor(), w.offset() + slice * wStep, w.columns()),
              y,
              (long) execution.firstSample(slice) * rows,
              (long) execution.firstSample(slice + 1) * rows);
    }
    return products;
  }

  /** Y = X·Wᵀ. */
  public void forward(int slice) {
    forward[slice].forward();
  }

  /** δX = δY·W. */
  public void inputGradient(int slice) {
    inputGradient[slice].inputGradient();
  }

  /** This slice's part of δW. */
  public void weightGradient(int slice) {
    weightGradient[slice].weightGradient();
  }

  /** δW = the slices' parts, added in their order. */
  public void finishGradient() {
    addSlices(execution, partial, weight.size(), parameters.gradients(), weight.offset());
  }

  /** gradients = Σ over slices of their parts, in the slices' order. */
  static void addSlices(
      Execution execution, Tensor partial, long size, Tensor gradients, long offset) {
    gradients.copyFrom(partial, 0, offset, size);
    for (int slice = 1; slice < execution.slices(); slice++) {
      execution.kernels().add(partial, slice * size, gradients, offset, size);
    }
  }
}
