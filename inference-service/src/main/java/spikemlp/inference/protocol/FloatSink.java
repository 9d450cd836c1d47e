package spikemlp.inference.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import spikemlp.inference.serve.RequestBody;

/** Collects floats in a direct buffer that grows; its memory is counted with the request's. */
final class FloatSink {

  private static final int FIRST = 4096;

  private final RequestBody body;
  private FloatBuffer values;

  /**
   * An empty one.
   *
   * @param expected floats to come, as far as it is known; a hint
   */
  FloatSink(RequestBody body, long expected) {
    this.body = body;
    long most = body.declared() / 2 + 1; // a number and its comma are two bytes or more
    this.values = allocate((int) Math.max(FIRST, Math.min(expected, most)));
  }

  private FloatBuffer allocate(int floats) {
    body.hold((long) floats * Float.BYTES);
    return ByteBuffer.allocateDirect(Math.multiplyExact(floats, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  void add(float value) {
    if (!values.hasRemaining()) {
      FloatBuffer more = allocate(2 * values.capacity());
      values = more.put(values.flip());
    }
    values.put(value);
  }

  int size() {
    return values.position();
  }

  /** What was collected, from position 0 to its limit. */
  FloatBuffer collected() {
    return values.flip();
  }
}
