package spikemlp.layer;

import java.util.Arrays;
import spikemlp.kernel.Grid;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/**
 * A fully connected layer along one axis, without bias: over H, over W, or over all tokens. Its
 * weight {@code [F, F]} is shared over the remaining axes.
 *
 * <pre>
 * y[b, o, j] = Σ_i W[o, i]·x[b, i, j]      δx[b, i, j] = Σ_o W[o, i]·δy[b, o, j]
 * δW[o, i] = Σ_{b, j} δy[b, o, j]·x[b, i, j]
 * </pre>
 *
 * where b runs over the axes before F, and j over the {@code inner} numbers after it.
 */
public final class AxisLinear {

  private final Execution execution;
  private final Parameters parameters;
  private final LinearWeight weight;
  private final Grid[] grids;
  private final Tensor partial;

  /**
   * @param weight {@code [F, F]}
   * @param blocks blocks a sample: all axes before F, T included
   * @param inner numbers after F: for the H axis W·C, for the W axis C
   */
  public AxisLinear(
      Execution execution, Parameters parameters, LinearWeight weight, int blocks, int inner) {
    this.execution = execution;
    this.parameters = parameters;
    this.weight = weight;
    this.grids = grids(execution, blocks, weight.inputs(), inner);
    this.partial = execution.training() ? execution.perSlice(weight.size()) : execution.buffer(0);
  }

  private static Grid[] grids(Execution execution, int blocks, int features, int inner) {
    Grid[] grids = new Grid[execution.batch()];
    long size = (long) blocks * features * inner;
    Arrays.setAll(grids, b -> new Grid(b * size, blocks, features, inner));
    return grids;
  }

  /** A sample's y from spikes x. */
  public void forward(int sample, Spikes x, Tensor y) {
    execution.kernels().axis(x, parameters.values(), weight.offset(), y, grids[sample]);
  }

  /** Adds to a sample's δx. */
  public void inputGradient(int sample, Tensor dy, Tensor dx) {
    execution
        .kernels()
        .axisInputGradient(dy, parameters.values(), weight.offset(), dx, grids[sample]);
  }

  /** This slice's part of δW is 0; before {@link #weightGradient}. */
  public void clearGradient(int slice) {
    partial.clear(slice * weight.size(), weight.size());
  }

  /** Adds a sample's part of δW to its slice's. */
  public void weightGradient(int slice, int sample, Spikes x, Tensor dy) {
    execution.kernels().axisWeightGradient(x, dy, grids[sample], partial, slice * weight.size());
  }

  /** δW = the slices' parts, added in their order. */
  public void finishGradient() {
    Linear.addSlices(execution, partial, weight.size(), parameters.gradients(), weight.offset());
  }
}
