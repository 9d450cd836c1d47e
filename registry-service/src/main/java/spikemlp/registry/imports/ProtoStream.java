package spikemlp.registry.imports;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads one protobuf message field by field from a stream, holding nothing but the present field,
 * so that a file of any size is read in little memory. What is skipped is not read. A nested
 * message is read to its end before its parent goes on. Not thread-safe.
 */
final class ProtoStream {

  static final int VARINT = 0;
  static final int BYTES = 2;
  private static final int FIXED64 = 1;
  private static final int FIXED32 = 5;
  private static final int MOST_PACKED = 16;

  private final InputStream in;
  private long left;
  private int wireType;

  /**
   * @param length bytes of the message
   */
  ProtoStream(InputStream in, long length) {
    this.in = in;
    this.left = length;
  }

  /** The next field's number, or 0 at the message's end. */
  int next() throws IOException {
    if (left == 0) {
      return 0;
    }
    long key = varint();
    wireType = (int) (key & 7);
    long field = key >>> 3;
    if (field < 1 || field > 536_870_911) {
      throw new IOException("field number " + field + " is none of protobuf's");
    }
    return (int) field;
  }

  boolean is(int type) {
    return wireType == type;
  }

  long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (left == 0) {
        throw new EOFException("it ends within a number");
      }
      int next = in.read();
      if (next < 0) {
        throw new EOFException("it ends within a number");
      }
      left--;
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new IOException("a number is longer than 10 bytes");
  }

  /** The length of the bytes that follow, which the caller reads or skips. */
  private long length() throws IOException {
    if (wireType != BYTES) {
      throw new IOException("a field has wire type " + wireType + " where bytes should be");
    }
    long length = varint();
    if (length < 0 || length > left) {
      throw new IOException("a field of " + length + " bytes where " + left + " are left");
    }
    left -= length;
    return length;
  }

  ProtoStream message() throws IOException {
    return new ProtoStream(in, length());
  }

  /**
   * A text.
   *
   * @throws IOException if it has more than {@code most} bytes
   */
  String text(int most) throws IOException {
    long length = length();
    if (length > most) {
      throw new IOException("a text of " + length + " bytes where at most " + most + " may be");
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("it ends within a text");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Adds the numbers of a packed field, of which there may be few. */
  void packed(List<Long> numbers) throws IOException {
    ProtoStream packed = message();
    while (packed.left > 0) {
      if (numbers.size() >= MOST_PACKED) {
        throw new IOException("a shape has more than " + MOST_PACKED + " sizes");
      }
      numbers.add(packed.varint());
    }
  }

  /** Skips the field and answers how many bytes its content has. */
  long skip() throws IOException {
    long bytes =
        switch (wireType) {
          case VARINT -> {
            var _ = varint();
            yield 0;
          }
          case FIXED64 -> fixed(Long.BYTES);
          case FIXED32 -> fixed(Integer.BYTES);
          case BYTES -> length();
          default -> throw new IOException("wire type " + wireType + " is none of protobuf's");
        };
    in.skipNBytes(bytes);
    return bytes;
  }

  private int fixed(int bytes) throws IOException {
    if (left < bytes) {
      throw new EOFException("it ends within a number");
    }
    left -= bytes;
    return bytes;
  }
}
