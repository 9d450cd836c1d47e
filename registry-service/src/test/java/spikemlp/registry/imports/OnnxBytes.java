package spikemlp.registry.imports;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes protobuf messages for tests, field by field. */
final class OnnxBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  OnnxBytes number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  OnnxBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  OnnxBytes message(int field, OnnxBytes message) {
    return bytes(field, message.done());
  }

  OnnxBytes bytes(int field, byte[] value) {
    varint(((long) field << 3) | 2);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  byte[] done() {
    return out.toByteArray();
  }

  static OnnxBytes tensor(String name, int floats) {
    return new OnnxBytes()
        .number(1, floats)
        .number(2, 1)
        .text(8, name)
        .bytes(9, new byte[4 * floats]);
  }

  static OnnxBytes externalTensor(String name) {
    return new OnnxBytes()
        .number(1, 1)
        .number(2, 1)
        .text(8, name)
        .message(13, new OnnxBytes().text(1, "location").text(2, "../../etc/passwd"))
        .number(14, 1);
  }

  static OnnxBytes node(String operator) {
    return new OnnxBytes().text(1, "a").text(2, "b").text(4, operator);
  }

  static OnnxBytes node(String operator, OnnxBytes attribute) {
    return node(operator).message(5, attribute);
  }

  /** A port of that shape; 0 is a free size. */
  static OnnxBytes port(String name, long... shape) {
    OnnxBytes sizes = new OnnxBytes();
    for (long size : shape) {
      sizes.message(
          1, size == 0 ? new OnnxBytes().text(2, "batch") : new OnnxBytes().number(1, size));
    }
    OnnxBytes tensor = new OnnxBytes().number(1, 1).message(2, sizes);
    return new OnnxBytes().text(1, name).message(2, new OnnxBytes().message(1, tensor));
  }

  static OnnxBytes model(OnnxBytes graph) {
    return new OnnxBytes()
        .number(1, 8)
        .message(7, graph)
        .message(8, new OnnxBytes().text(1, "").number(2, 18));
  }
}
