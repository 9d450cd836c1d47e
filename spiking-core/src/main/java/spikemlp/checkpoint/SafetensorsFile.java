package spikemlp.checkpoint;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a safetensors file holds, in the file's order.
 *
 * @param path where it was read
 * @param metadata the header's {@code __metadata__}; empty if there is none
 * @param tensors by name
 */
public record SafetensorsFile(
    Path path, Map<String, String> metadata, Map<String, StoredTensor> tensors) {

  public SafetensorsFile {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * The metadata of that key.
   *
   * @throws CheckpointException if there is none
   */
  public String metadata(String key) {
    String value = metadata.get(key);
    if (value == null) {
      throw new CheckpointException(
          path, "metadata '" + key + "' is missing; there are " + metadata.keySet());
    }
    return value;
  }

  /**
   * The tensor of that name.
   *
   * @throws CheckpointException if there is none
   */
  public StoredTensor tensor(String name) {
    StoredTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(path, "tensor '" + name + "' is missing");
    }
    return tensor;
  }

  /**
   * A tensor of real numbers in single precision; {@code F64} is rounded.
   *
   * @throws CheckpointException if it is missing or holds integers
   */
  public WeightTensor floats(String name) {
    return switch (tensor(name)) {
      case WeightTensor tensor -> tensor;
      case DoubleTensor tensor -> {
        float[] values = new float[tensor.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) tensor.values()[i];
        }
        yield new WeightTensor(tensor.shape(), values);
      }
      case LongTensor tensor -> throw wrongType(name, "real numbers", tensor);
    };
  }

  /**
   * A tensor of real numbers in double precision; {@code F32} is widened.
   *
   * @throws CheckpointException if it is missing or holds integers
   */
  public DoubleTensor doubles(String name) {
    return switch (tensor(name)) {
      case DoubleTensor tensor -> tensor;
      case WeightTensor tensor -> {
        double[] values = new double[tensor.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = tensor.values()[i];
        }
        yield new DoubleTensor(tensor.shape(), values);
      }
      case LongTensor tensor -> throw wrongType(name, "real numbers", tensor);
    };
  }

  /**
   * A tensor of integers.
   *
   * @throws CheckpointException if it is missing or holds real numbers
   */
  public LongTensor longs(String name) {
    return switch (tensor(name)) {
      case LongTensor tensor -> tensor;
      case WeightTensor tensor -> throw wrongType(name, "integers", tensor);
      case DoubleTensor tensor -> throw wrongType(name, "integers", tensor);
    };
  }

  private CheckpointException wrongType(String name, String wanted, StoredTensor tensor) {
    return new CheckpointException(
        path,
        "tensor '"
            + name
            + "' "
            + Arrays.toString(tensor.shape())
            + " should hold "
            + wanted
            + ", but is a "
            + tensor.getClass().getSimpleName());
  }
}
