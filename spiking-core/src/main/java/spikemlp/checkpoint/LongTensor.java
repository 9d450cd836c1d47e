package spikemlp.checkpoint;

/**
 * 64-bit integers, {@code I64}.
 *
 * <p>The arrays are held, not copied: whoever makes the tensor gives them away, and whoever reads
 * them does not write to them.
 *
 * @param shape the sizes of the axes, outermost first
 * @param values row-major, as many as the shape holds
 */
public record LongTensor(int[] shape, long[] values) implements StoredTensor {

  public LongTensor {
    StoredTensor.requireSize(shape, values.length);
  }

  @Override
  public int size() {
    return values.length;
  }
}
