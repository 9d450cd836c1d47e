package spikemlp.checkpoint;

/**
 * Double-precision values, {@code F64}.
 *
 * <p>The arrays are held, not copied: whoever makes the tensor gives them away, and whoever reads
 * them does not write to them.
 *
 * @param shape the sizes of the axes, outermost first
 * @param values row-major, as many as the shape holds
 */
public record DoubleTensor(int[] shape, double[] values) implements StoredTensor {

  public DoubleTensor {
    StoredTensor.requireSize(shape, values.length);
  }

  @Override
  public int size() {
    return values.length;
  }
}
