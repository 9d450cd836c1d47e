package spikemlp.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one protobuf message. {@link #next} moves to a field; then exactly one of the
 * reading methods or {@link #skip} takes its value.
 */
final class ProtoReader {

  private final ByteBuffer bytes;
  private int wireType;

  ProtoReader(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The next field's number, or 0 at the message's end. */
  int next() {
    if (!bytes.hasRemaining()) {
      return 0;
    }
    long key = varint();
    wireType = (int) (key & 7);
    return (int) (key >>> 3);
  }

  long integer() {
    require(ProtoMessage.VARINT);
    return varint();
  }

  float real() {
    require(ProtoMessage.FIXED32);
    requireBytes(Float.BYTES);
    return bytes.getFloat();
  }

  String text() {
    return StandardCharsets.UTF_8.decode(chunk()).toString();
  }

  ProtoReader message() {
    return new ProtoReader(chunk());
  }

  /** The field's bytes, a view. */
  ByteBuffer chunk() {
    require(ProtoMessage.BYTES);
    int length = requireBytes(varint());
    ByteBuffer chunk = bytes.slice(bytes.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(bytes.position() + length);
    return chunk;
  }

  void skip() {
    switch (wireType) {
      case ProtoMessage.VARINT -> varint();
      case ProtoMessage.FIXED64 -> bytes.position(bytes.position() + requireBytes(Long.BYTES));
      case ProtoMessage.BYTES -> chunk();
      case ProtoMessage.FIXED32 -> bytes.position(bytes.position() + requireBytes(Integer.BYTES));
      default -> throw new IllegalArgumentException("wire type " + wireType + " is not known");
    }
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      requireBytes(1);
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a varint is longer than ten bytes");
  }

  private void require(int wanted) {
    if (wireType != wanted) {
      throw new IllegalArgumentException(
          "a field has wire type " + wireType + ", where " + wanted + " is right");
    }
  }

  private int requireBytes(long count) {
    if (count < 0 || count > bytes.remaining()) {
      throw new IllegalArgumentException(
          "a field of " + count + " bytes where " + bytes.remaining() + " are left");
    }
    return (int) count;
  }
}
