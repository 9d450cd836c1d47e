package spikemlp.checkpoint;

import java.util.Arrays;
import java.util.Optional;

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

  /** The first value that is no finite number, with its place: {@code NaN at [1, 3]}. */
  public Optional<String> notFinite() {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        return Optional.of(values[i] + " at " + Arrays.toString(place(i)));
      }
    }
    return Optional.empty();
  }

  private int[] place(int index) {
    int[] place = new int[shape.length];
    int rest = index;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    return place;
  }
}
