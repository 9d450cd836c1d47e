package spikemlp.inference.protocol;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/** An input tensor's elements, row-major, as they came. */
sealed interface TensorContent {

  /** None came: neither {@code data} nor binary data. */
  record Missing() implements TensorContent {}

  /** Numbers of the JSON, finite in single precision; a direct buffer. */
  record Numbers(FloatBuffer values) implements TensorContent {}

  /** Strings of the JSON. */
  record Strings(List<String> values) implements TensorContent {

    public Strings {
      values = List.copyOf(values);
    }
  }

  /** Binary data, little-endian; a direct buffer. */
  record Binary(ByteBuffer bytes) implements TensorContent {}
}
