package spikemlp.layer;

import java.util.List;
import spikemlp.kernel.Spikes;
import spikemlp.kernel.Tensor;

/**
 * A convolution of spikes without bias as a matrix product: each output's window {@code [k, k, C]}
 * is copied to a row, zeros where it leaves the input, and the rows go through a {@link
 * SpikeLinear}.
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
  private final Spikes windows;
  private final SpikeLinear linear;
  private final Tensor windowGradients;
  private final Tensor dy;

  /**
   * @param dy where δy comes from; empty in inference
   */
  Convolution(
      Execution execution,
      Parameters parameters,
      LinearWeight weight,
      Window window,
      int timeSteps,
      Tensor y,
      Tensor dy) {
    this.execution = execution;
    this.window = window;
    this.timeSteps = timeSteps;
    this.dy = dy;
    int rows = timeSteps * window.outputs();
    long all = (long) execution.batch() * rows;
    this.windows =
        execution.kernels().spikes(all, window.kernel() * window.kernel(), window.channels());
    this.linear =
        new SpikeLinear(execution, parameters, List.of(weight), List.of(windows), y, rows);
    this.windowGradients = execution.buffer(execution.training() ? all * window.length() : 0);
    if (execution.training()) {
      linear.withInputGradients(windowGradients);
    }
  }

  /** Takes over changed weights; before {@link #forward}. */
  void prepare() {
    linear.prepare();
  }

  /** This slice's y, and its sums for {@code norm}. */
  void forward(int slice, Spikes x, BatchNorm norm) {
    forEachRun(
        slice,
        (input, row, tap, count) -> windows.copySlots(x, input, row, tap, count),
        windows::clearSlots);
    for (int b = execution.firstSample(slice); b < execution.firstSample(slice + 1); b++) {
      linear.forward(b, norm);
    }
  }

  /** δz → δy, this slice's part of δW, then δx, which is overwritten. */
  void backward(int slice, BatchNorm norm, Tensor dx) {
    linear.clearGradient(slice);
    for (int b = execution.firstSample(slice); b < execution.firstSample(slice + 1); b++) {
      linear.backward(slice, norm, dy, b);
    }
    int channels = window.channels();
    long image = (long) timeSteps * window.height() * window.width() * channels;
    dx.clear(execution.firstSample(slice) * image, execution.samples(slice) * image);
    forEachRun(
        slice,
        (input, row, tap, count) ->
            execution
                .kernels()
                .add(
                    windowGradients,
                    row * window.length() + (long) tap * channels,
                    dx,
                    input * channels,
                    (long) count * channels),
        (_, _, _) -> {});
  }

  void finishGradient() {
    linear.finishGradient();
  }

  /** {@code count} taps of a window's row that lie within the input, tokens from {@code input}. */
  private interface Run {
    void at(long input, long row, int tap, int count);
  }

  /** {@code count} taps of a window's row that lie outside the input. */
  private interface Outside {
    void at(long row, int tap, int count);
  }

  private void forEachRun(int slice, Run run, Outside outside) {
    int k = window.kernel();
    long row = (long) execution.firstSample(slice) * timeSteps * window.outputs();
    int images = execution.samples(slice) * timeSteps;
    for (int q = 0; q < images; q++) {
      long image = (long) execution.firstSample(slice) * timeSteps + q;
      for (int oy = 0; oy < window.outputHeight(); oy++) {
        for (int ox = 0; ox < window.outputWidth(); ox++) {
          int x = ox * window.stride() - window.padding();
          int before = Math.max(0, -x);
          int within = Math.min(k, window.width() - x) - before;
          for (int line = 0; line < k; line++) {
            int y = oy * window.stride() - window.padding() + line;
            int tap = line * k;
            if (y < 0 || y >= window.height()) {
              outside.at(row, tap, k);
            } else {
              outside.at(row, tap, before);
              long input = (image * window.height() + y) * window.width() + x + before;
              run.at(input, row, tap + before, within);
              outside.at(row, tap + before + within, k - before - within);
            }
          }
          row++;
        }
      }
    }
  }
}
