package spikemlp.layer;

import java.util.ArrayList;
import java.util.List;
import spikemlp.kernel.InputGradient;
import spikemlp.kernel.OutputGradient;
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
  private Backward[] backward = {};
  private long preparedVersion = -1;

  private record Backward(InputGradient product, Tensor dx) {}

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
  SpikeLinear withInputGradients(Tensor... dx) {
    backward = new Backward[dx.length];
    for (int i = 0; i < dx.length; i++) {
      LinearWeight weight = weights.get(i);
      InputGradient product =
          execution
              .kernels()
              .inputGradient(
                  parameters.values(), weight.offset(), weight.outputs(), weight.inputs());
      backward[i] = new Backward(product, dx[i]);
    }
    return this;
  }

  /** Takes over changed weights; before {@link #forward}. */
  void prepare() {
    if (preparedVersion != parameters.version()) {
      execution.forEachSlice(slice -> {
        product.prepare(slice, execution.slices());
        for (Backward input : backward) {
          input.product().prepare(slice, execution.slices());
        }
      });
      preparedVersion = parameters.version();
    }
  }

  /** A sample's Y, and its sums for {@code norm}. */
  void forward(int sample, BatchNorm norm) {
    product.forward((long) sample * rows, rows, y, sample, norm.moments(sample));
  }

  /** This slice's part of δW is 0; before {@link #backward}. */
  void clearGradient(int slice) {
    product.clearGradient(slice);
  }

  /**
   * A sample's δz → δy, its part of δW, added to its slice's, and δX = δY·W of each input: block by
   * block of rows, each while it is in the cache.
   */
  void backward(int slice, BatchNorm norm, Tensor gradient, int sample) {
    long end = (sample + 1L) * rows;
    for (long first = end - rows; first < end; first += OutputGradient.ROWS) {
      int count = (int) Math.min(OutputGradient.ROWS, end - first);
      OutputGradient dy = outputGradient(slice, norm, gradient, first, count);
      for (Backward input : backward) {
        input.product().apply(dy, 0, input.dx(), first, count);
      }
    }
  }

  /** Some rows' δz → δy, and their part of δW, added to its slice's. */
  OutputGradient outputGradient(
      int slice, BatchNorm norm, Tensor gradient, long firstRow, int count) {
    OutputGradient dy = norm.outputGradient(gradient, y, firstRow, count);
    product.weightGradient(slice, dy, firstRow, count);
    return dy;
  }

  /** δX = δY·W of some rows of δY, to the place of {@code toRow} in an only input's gradient. */
  void inputGradient(OutputGradient dy, int firstRow, long toRow, int count) {
    Backward input = backward[0];
    input.product().apply(dy, firstRow, input.dx(), toRow, count);
  }

  /** δW = the slices' parts, added in their order. */
  void finishGradient() {
    execution.forEachSlice(
        slice -> product.finishGradient(parameters.gradients(), slice, execution.slices()));
  }
}
