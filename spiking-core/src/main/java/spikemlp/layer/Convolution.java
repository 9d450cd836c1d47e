package spikemlp.layer;

import spikemlp.kernel.Tensor;

/**
 * A convolution without bias as a matrix product: each output's window {@code [k, k, C]} is copied
 * to a row, zeros where it leaves the input, and the rows go through a {@link Linear}.
 *
 * <p>x {@code [B, T, H, W, C]} → y {@code [B, T, H', W', O]}, H' = ⌊(H + 2·padding − k)/stride⌋ +
 * 1.
 */
final class Convolution {

  /**
   * What a convolution does to the grid.
   *
   * @param channels C
   * @param height H
   * @param width W
   * @param kernel k
   * @param stride stride on both axes
   * @param padding zeros on each side
   */
  record Window(int channels, int height, int width, int kernel, int stride, int padding) {

    int outputHeight() {
      return (height + 2 * padding - kernel) / stride + 1;
    }

    int outputWidth() {
      return (width + 2 * padding - kernel) / stride + 1;
    }

    int outputs() {
      return outputHeight() * outputWidth();
    }

    int length() {
      return kernel * kernel * channels;
    }
  }

  private final Execution execution;
  private final Window window;
  private final int timeSteps;
  private final Tensor windows;
  private final Linear linear;

  Convolution(
      Execution execution,
      Parameters parameters,
      LinearWeight weight,
      Window window,
      int timeSteps,
      Tensor y) {
    this.execution = execution;
    this.window = window;
    this.timeSteps = timeSteps;
    int rows = timeSteps * window.outputs();
    this.windows = execution.buffer((long) execution.batch() * rows * window.length());
    this.linear = new Linear(execution, parameters, weight, windows, y, rows);
  }

  /** Says where δy comes from. The windows' buffer takes their gradient, once δW is known. */
  Convolution withGradient(Tensor dy) {
    int rows = timeSteps * window.outputs();
    linear.withWeightGradient(windows, dy, rows).withInputGradient(dy, windows, rows);
    return this;
  }

  void forward(int slice, Tensor x) {
    forEachRun(
        slice,
        (input, row, count) -> windows.copyFrom(x, input, row, count),
        (row, count) -> windows.clear(row, count));
    linear.forward(slice, false);
  }

  /** This slice's part of δW, then δx, which is overwritten. */
  void backward(int slice, Tensor dx) {
    linear.weightGradient(slice);
    linear.inputGradient(slice, false);
    long image = (long) window.height() * window.width() * window.channels();
    dx.clear(
        (long) execution.firstSample(slice) * timeSteps * image,
        (long) execution.samples(slice) * timeSteps * image);
    forEachRun(
        slice,
        (input, row, count) -> execution.kernels().add(windows, row, dx, input, count),
        (_, _) -> {});
  }

  void finishGradient() {
    linear.finishGradient();
  }

  /** A run of a window's row that lies within the input, at {@code input} and {@code row}. */
  private interface Run {
    void at(long input, long row, long count);
  }

  /** A run of a window's row that lies outside the input. */
  private interface Outside {
    void at(long row, long count);
  }

  private void forEachRun(int slice, Run run, Outside outside) {
    int k = window.kernel();
    int c = window.channels();
    long row = (long) execution.firstSample(slice) * timeSteps * window.outputs() * window.length();
    int images = execution.samples(slice) * timeSteps;
    for (int q = 0; q < images; q++) {
      long image = (long) execution.firstSample(slice) * timeSteps + q;
      for (int oy = 0; oy < window.outputHeight(); oy++) {
        for (int ox = 0; ox < window.outputWidth(); ox++) {
          int x = ox * window.stride() - window.padding();
          int before = Math.max(0, -x);
          int within = Math.min(k, window.width() - x) - before;
          for (int tap = 0; tap < k; tap++) {
            int y = oy * window.stride() - window.padding() + tap;
            if (y < 0 || y >= window.height()) {
              outside.at(row, (long) k * c);
            } else {
              long input = ((image * window.height() + y) * window.width() + x + before) * c;
              outside.at(row, (long) before * c);
              run.at(input, row + (long) before * c, (long) within * c);
              int after = k - before - within;
              outside.at(row + (long) (before + within) * c, (long) after * c);
            }
            row += (long) k * c;
          }
        }
      }
    }
  }
}
