package spikemlp.layer;

import java.util.function.IntUnaryOperator;
import spikemlp.kernel.Product.Matrix;
import spikemlp.kernel.Tensor;

/**
 * A weight matrix within the parameters.
 *
 * @param offset its first number
 * @param inputs I
 * @param outputs O
 */
public record LinearWeight(long offset, int inputs, int outputs) {

  /** {@code name} {@code [O, I]}. */
  public static LinearWeight linear(
      Parameters.Layout layout, String name, int inputs, int outputs) {
    long offset = layout.take((long) inputs * outputs);
    layout.weight(name, offset, IntUnaryOperator.identity(), inputs, outputs, inputs);
    return new LinearWeight(offset, inputs, outputs);
  }

  /**
   * {@code name} {@code [C, parts·C]} of a layer over concatenated inputs, laid out as one {@code
   * [C, C]} matrix for each input, so that the inputs need not be copied together.
   */
  public static LinearWeight[] concatenated(
      Parameters.Layout layout, String name, int channels, int parts) {
    int square = channels * channels;
    int inputs = parts * channels;
    long offset = layout.take((long) parts * square);
    layout.weight(
        name,
        offset,
        i -> (i % inputs) / channels * square + i / inputs * channels + i % channels,
        inputs,
        channels,
        inputs);
    LinearWeight[] weights = new LinearWeight[parts];
    for (int part = 0; part < parts; part++) {
      weights[part] = new LinearWeight(offset + (long) part * square, channels, channels);
    }
    return weights;
  }

  /**
   * {@code name} {@code [O, C, k, k]} of a convolution, laid out {@code [O, k, k, C]} from {@code
   * offset} on, as channels-last windows are.
   */
  static void convolution(
      Parameters.Layout layout, String name, long offset, int channels, int outputs, int k) {
    int taps = k * k;
    int inputs = channels * taps;
    layout.weight(
        name,
        offset,
        i -> i / inputs * inputs + i % taps * channels + i % inputs / taps,
        inputs,
        outputs,
        channels,
        k,
        k);
  }

  long size() {
    return (long) inputs * outputs;
  }

  Matrix in(Tensor parameters) {
    return new Matrix(parameters, offset, inputs);
  }
}
