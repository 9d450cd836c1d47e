package spikemlp.layer;

import java.util.Arrays;
import java.util.List;
import spikemlp.kernel.OutputGradient;
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

  /** Windows whose gradients a slice holds at a time. */
  private static final int BLOCK = 64;

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

  private static final Outside NOTHING = (_, _, _) -> {};

  private final Execution execution;
  private final Window window;
  private final int timeSteps;
  private final Spikes windows;
  private final SpikeLinear linear;
  private final Tensor windowGradients;
  private final Tensor dy;
  private final Run gather;
  private final Outside clear;
  private final Scatter[] scatters;

  /**
   * @param x input spikes
   * @param dy where δy comes from; empty in inference
   */
  Convolution(
      Execution execution,
      Parameters parameters,
      LinearWeight weight,
      Window window,
      int timeSteps,
      Spikes x,
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
    this.gather = (input, row, tap, count) -> windows.copySlots(x, input, row, tap, count);
    this.clear = windows::clearSlots;
    this.linear =
        new SpikeLinear(execution, parameters, List.of(weight), List.of(windows), y, rows);
    this.windowGradients =
        execution.perSlice(execution.training() ? (long) BLOCK * window.length() : 0);
    this.scatters = new Scatter[execution.training() ? execution.slices() : 0];
    Arrays.setAll(scatters, _ -> new Scatter());
    if (execution.training()) {
      linear.withInputGradients(windowGradients);
    }
  }

  /** Takes over changed weights; before {@link #forward}. */
  void prepare() {
    linear.prepare();
  }

  /** A sample's y, and its sums for {@code norm}. */
  void forward(int sample, BatchNorm norm) {
    int rows = timeSteps * window.outputs();
    forEachRun((long) sample * rows, rows, gather, clear);
    linear.forward(sample, norm);
  }

  /** This slice's part of δW is 0; before {@link #backward}. */
  void clearGradient(int slice) {
    linear.clearGradient(slice);
  }

  /** A sample's δz → δy, its part of δW, added to its slice's, and its δx, which is overwritten. */
  void backward(int slice, int sample, BatchNorm norm, Tensor dx) {
    execution.clear(sample, dx);
    int sampleRows = timeSteps * window.outputs();
    long end = (sample + 1L) * sampleRows;
    for (long first = end - sampleRows; first < end; first += OutputGradient.ROWS) {
      long last = Math.min(end, first + OutputGradient.ROWS);
      OutputGradient rows = linear.outputGradient(slice, norm, dy, first, (int) (last - first));
      for (long row = first; row < last; row += BLOCK) {
        int count = (int) Math.min(BLOCK, last - row);
        linear.inputGradient(rows, (int) (row - first), (long) slice * BLOCK, count);
        scatter(slice, row, count, dx);
      }
    }
  }

  /** Adds the gradients of some windows to those of what lies in them. */
  private void scatter(int slice, long firstRow, int rows, Tensor dx) {
    Scatter scatter = scatters[slice];
    scatter.shift = (long) slice * BLOCK - firstRow;
    scatter.dx = dx;
    forEachRun(firstRow, rows, scatter, NOTHING);
  }

  /** Adds to δx from the windows' gradients at work; kept, as a step calls it many times. */
  private final class Scatter implements Run {
    private long shift;
    private Tensor dx = dy;

    @Override
    public void at(long input, long row, int tap, int count) {
      long channels = window.channels();
      long from = (row + shift) * window.length() + tap * channels;
      execution.kernels().add(windowGradients, from, dx, input * channels, count * channels);
    }
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

  private void forEachRun(long firstRow, int rows, Run run, Outside outside) {
    int k = window.kernel();
    for (long row = firstRow; row < firstRow + rows; row++) {
      long image = row / window.outputs();
      int output = (int) (row % window.outputs());
      int x = output % window.outputWidth() * window.stride() - window.padding();
      int top = output / window.outputWidth() * window.stride() - window.padding();
      int before = Math.max(0, -x);
      int within = Math.min(k, window.width() - x) - before;
      for (int line = 0; line < k; line++) {
        int y = top + line;
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
    }
  }
}
