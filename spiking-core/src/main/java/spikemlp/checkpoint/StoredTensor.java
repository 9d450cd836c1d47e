package spikemlp.checkpoint;

import java.util.Arrays;

/** A tensor of a safetensors file: row-major values and their shape. */
public sealed interface StoredTensor permits WeightTensor, DoubleTensor, LongTensor {

  /** The sizes of the axes, outermost first; empty for a scalar. */
  int[] shape();

  /** The number of values: the product of {@link #shape()}. */
  int size();

  /**
   * The number of values that a shape holds.
   *
   * @throws IllegalArgumentException if an axis is negative or the product exceeds an array's
   *     length
   */
  static int sizeOf(int... shape) {
    long size = 1;
    for (int axis : shape) {
      if (axis < 0) {
        throw new IllegalArgumentException(
            "an axis of a tensor is negative: " + Arrays.toString(shape));
      }
      size *= axis;
      if (size > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "a tensor of shape " + Arrays.toString(shape) + " is larger than an array can be");
      }
    }
    return (int) size;
  }

  /**
   * Checks a tensor as it is made.
   *
   * @throws IllegalArgumentException if there are not as many values as the shape holds
   */
  static void requireSize(int[] shape, int values) {
    if (values != sizeOf(shape)) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(shape) + " holds " + sizeOf(shape) + " values, not " + values);
    }
  }
}
