package spikemlp.inference.engine;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Looks for tensors whose values lie in another file. ONNX lets a tensor name any path to read them
 * from; a model file that is served must hold all it needs.
 *
 * <p>This walks the protobuf messages of onnx.proto that can hold a tensor and skips all others.
 */
final class ExternalTensors {

  private static final int DEEPEST = 100;
  private static final long EXTERNAL = 1;

  /** The messages walked into, by the field numbers of onnx.proto. */
  private enum Message {
    MODEL,
    GRAPH,
    TRAINING,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    SPARSE_TENSOR,
    TENSOR,
    /** Any other: skipped. */
    OTHER;

    Message at(int field) {
      return switch (this) {
        case MODEL ->
            switch (field) {
              case 7 -> GRAPH;
              case 20 -> TRAINING;
              case 25 -> FUNCTION;
              default -> OTHER;
            };
        case GRAPH ->
            switch (field) {
              case 1 -> NODE;
              case 5 -> TENSOR;
              case 15 -> SPARSE_TENSOR;
              default -> OTHER;
            };
        case TRAINING -> field == 1 || field == 2 ? GRAPH : OTHER;
        case FUNCTION ->
            switch (field) {
              case 7 -> NODE;
              case 11 -> ATTRIBUTE;
              default -> OTHER;
            };
        case NODE -> field == 5 ? ATTRIBUTE : OTHER;
        case ATTRIBUTE ->
            switch (field) {
              case 5, 10 -> TENSOR;
              case 6, 11 -> GRAPH;
              case 22, 23 -> SPARSE_TENSOR;
              default -> OTHER;
            };
        case SPARSE_TENSOR -> field == 1 || field == 2 ? TENSOR : OTHER;
        case TENSOR, OTHER -> OTHER;
      };
    }
  }

  private ExternalTensors() {}

  /**
   * Whether a tensor of the ONNX file {@code file} lies outside it.
   *
   * @throws IOException if the file cannot be read, or is no protobuf message
   */
  static boolean in(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      ByteBuffer bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena).asByteBuffer();
      return in(bytes, Message.MODEL, 0);
    }
  }

  private static boolean in(ByteBuffer bytes, Message message, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("messages are nested deeper than " + DEEPEST);
    }
    while (bytes.hasRemaining()) {
      long key = varint(bytes);
      int field = (int) (key >>> 3);
      switch ((int) (key & 7)) {
        case 0 -> {
          if (varint(bytes) == EXTERNAL && message == Message.TENSOR && field == 14) {
            return true;
          }
        }
        case 1 -> skip(bytes, Long.BYTES);
        case 2 -> {
          ByteBuffer inner = slice(bytes, varint(bytes));
          if (message == Message.TENSOR && field == 13) {
            return true;
          }
          Message next = message.at(field);
          if (next != Message.OTHER && in(inner, next, depth + 1)) {
            return true;
          }
        }
        case 5 -> skip(bytes, Integer.BYTES);
        default -> throw new IOException("wire type " + (key & 7) + " is none of protobuf's");
      }
    }
    return false;
  }

  private static long varint(ByteBuffer bytes) throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!bytes.hasRemaining()) {
        throw new IOException("it ends within a number");
      }
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a number is longer than 10 bytes");
  }

  private static void skip(ByteBuffer bytes, int length) throws IOException {
    slice(bytes, length);
  }

  private static ByteBuffer slice(ByteBuffer bytes, long length) throws IOException {
    if (length < 0 || length > bytes.remaining()) {
      throw new IOException(
          "a field of " + length + " bytes where " + bytes.remaining() + " are left");
    }
    ByteBuffer inner = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    return inner;
  }
}
