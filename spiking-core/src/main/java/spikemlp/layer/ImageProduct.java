package spikemlp.layer;

import java.util.Arrays;
import spikemlp.kernel.Tensor;

/**
 * The first layer's product in inference: Y = X·W'ᵀ of windows on the {@link ImageGrid} and folded
 * weights, summed in double precision, where every partial sum is exact, and rounded once. Computed
 * once an image.
 */
final class ImageProduct {

  private final Execution execution;
  private final Parameters parameters;
  private final LinearWeight weight;
  private final Tensor x;
  private final Tensor y;
  private final int rows;
  private final double[] transposed;
  private long preparedVersion = -1;

  /**
   * @param x windows {@code [B·R, I]}
   * @param y output {@code [B·R, O]}
   * @param rows R, rows a sample
   */
  ImageProduct(
      Execution execution,
      Parameters parameters,
      LinearWeight weight,
      Tensor x,
      Tensor y,
      int rows) {
    this.execution = execution;
    this.parameters = parameters;
    this.weight = weight;
    this.x = x;
    this.y = y;
    this.rows = rows;
    this.transposed = new double[Math.toIntExact(weight.size())];
  }

  /** Reads the weights if they have changed; before the slices' {@link #forward}. */
  void prepare() {
    if (preparedVersion == parameters.version()) {
      return;
    }
    for (int o = 0; o < weight.outputs(); o++) {
      for (int i = 0; i < weight.inputs(); i++) {
        transposed[i * weight.outputs() + o] =
            parameters.values().get(weight.offset() + (long) o * weight.inputs() + i);
      }
    }
    preparedVersion = parameters.version();
  }

  void forward(int slice) {
    double[] sums = new double[weight.outputs()];
    long end = (long) execution.firstSample(slice + 1) * rows;
    for (long row = (long) execution.firstSample(slice) * rows; row < end; row++) {
      Arrays.fill(sums, 0);
      for (int i = 0; i < weight.inputs(); i++) {
        double value = x.get(row * weight.inputs() + i);
        add(ImageGrid.nearest(value, execution.precision()), i * weight.outputs(), sums);
      }
      for (int o = 0; o < sums.length; o++) {
        y.set(row * sums.length + o, sums[o]);
      }
    }
  }

  private void add(double value, int at, double[] sums) {
    for (int o = 0; o < sums.length; o++) {
      sums[o] += value * transposed[at + o];
    }
  }
}
