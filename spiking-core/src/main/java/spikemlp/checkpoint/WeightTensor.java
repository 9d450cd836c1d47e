package spikemlp.checkpoint;

/**
 * Single-precision values, {@code F32}: a weight, a running statistic or a momentum.
 *
 * <p>The arrays are held, not copied: whoever makes the tensor gives them away, and whoever reads
 * them does not write to them.
 *
 * @param shape the sizes of the axes, outermost first
 * @param values row-major, as many as the shape holds
 */
public record WeightTensor(int[] shape, float[] values) implements StoredTensor {

  public WeightTensor {
    StoredTensor.requireSize(shape, values.length);
  }

  @Override
  public int size() {
    return values.length;
  }
}
