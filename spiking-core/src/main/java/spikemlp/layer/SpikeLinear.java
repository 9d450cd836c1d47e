package spikemlp.layer;

import java.util.ArrayList;
import java.util.List;
import spikemlp.kernel.InputGradient;
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
  private final List<Backward> backward = new ArrayList<>();
  private long preparedVersion = -1;

  private record Backward(InputGradient product, Tensor dy, Tensor dx) {}

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

  /** Says where the inputs' gradients come from and go, in the inputs' order. */
  SpikeLinear withInputGradients(Tensor dy, Tensor... dx) {
    for (int i = 0; i < dx.length; i++) {
      LinearWeight weight = weights.get(i);
      InputGradient product =
          execution
              .kernels()
              .inputGradient(
                  parameters.values(), weight.offset(), weight.outputs(), weight.inputs());
      backward.add(new Backward(product, dy, dx[i]));
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
    for (Backward input : backward) {
      input.product().apply(input.dy(), input.dx(), (long) sample * rows, rows);
    }
  }

  /** δW = the slices' parts, added in their order. */
  void finishGradient() {
    execution.forEachSlice(
        slice -> product.finishGradient(parameters.gradients(), slice, execution.slices()));
  }
}
