package spikemlp.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A protobuf message being written: each field is its key {@code number << 3 | wireType} and its
 * value. Large values and nested messages are kept by reference, not copied.
 *
 * <p>Wire types: 0 a varint, 2 a length and that many bytes, 5 four bytes little-endian
 * (https://protobuf.dev/programming-guides/encoding).
 */
final class ProtoMessage {

  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private final List<byte[]> parts = new ArrayList<>();
  private long length;

  ProtoMessage integer(int field, long value) {
    return varint((long) field << 3 | VARINT).varint(value);
  }

  ProtoMessage real(int field, float value) {
    varint((long) field << 3 | FIXED32);
    return append(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  ProtoMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoMessage bytes(int field, byte[] value) {
    return varint((long) field << 3 | BYTES).varint(value.length).append(value);
  }

  ProtoMessage message(int field, ProtoMessage value) {
    varint((long) field << 3 | BYTES).varint(value.length);
    parts.addAll(value.parts);
    length += value.length;
    return this;
  }

  /** The bytes this message takes. */
  long length() {
    return length;
  }

  void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    for (byte[] part : parts) {
      if (part.length > buffer.remaining()) {
        drain(buffer.flip(), channel);
        buffer.clear();
      }
      if (part.length > buffer.remaining()) {
        drain(ByteBuffer.wrap(part), channel);
      } else {
        buffer.put(part);
      }
    }
    drain(buffer.flip(), channel);
  }

  private static void drain(ByteBuffer buffer, WritableByteChannel channel) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private ProtoMessage varint(long value) {
    byte[] bytes = new byte[10];
    int count = 0;
    long rest = value;
    do {
      long low = rest & 0x7f;
      rest >>>= 7;
      bytes[count++] = (byte) (rest == 0 ? low : low | 0x80);
    } while (rest != 0);
    return append(Arrays.copyOf(bytes, count));
  }

  private ProtoMessage append(byte[] bytes) {
    parts.add(bytes);
    length += bytes.length;
    return this;
  }
}
