package spikemlp.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes safetensors files: the header's length as 8 bytes little-endian, a JSON header
 * that names each tensor's type, shape and place, then the values, little-endian and row-major.
 *
 * <p>Types read and written are {@code F32}, {@code F64} and {@code I64}; no code is ever loaded
 * from a file. The format is described at https://github.com/huggingface/safetensors#format.
 */
public final class Safetensors {

  static final String METADATA = "__metadata__";
  private static final JsonMapper JSON = JsonMapper.shared();

  private Safetensors() {}

  /**
   * Reads a whole file.
   *
   * @throws CheckpointException if the file cannot be read, is truncated, or is not a safetensors
   *     file; the message names the file and the tensor
   */
  public static SafetensorsFile read(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      return new SafetensorsReader(path, channel).read();
    } catch (IOException e) {
      throw new CheckpointException(path, "cannot be read: " + describe(e), e);
    }
  }

  /**
   * Writes a file as a whole or not at all: to a temporary file beside {@code path}, forced to the
   * disk, then renamed over it.
   *
   * @throws CheckpointException if the file cannot be written, for example on a full disk; what was
   *     at {@code path} before is still there
   */
  public static void write(
      Path path, Map<String, String> metadata, Map<String, ? extends StoredTensor> tensors) {
    Path directory = path.toAbsolutePath().getParent();
    if (directory == null) {
      throw new CheckpointException(path, "is not the name of a file");
    }
    try {
      Path temporary = Files.createTempFile(directory, "." + path.getFileName(), ".tmp");
      try {
        writeThrough(path, temporary, metadata, tensors);
        forceDirectory(directory);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** Writes to {@code temporary}, then renames it. */
  static void writeThrough(
      Path path,
      Path temporary,
      Map<String, String> metadata,
      Map<String, ? extends StoredTensor> tensors) {
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        write(channel, metadata, tensors);
        channel.force(true);
      }
      Files.move(
          temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private static CheckpointException unwritable(Path path, IOException e) {
    return new CheckpointException(
        path, "cannot be written: " + describe(e) + "; is there space, and may it be written?", e);
  }

  private static void write(
      FileChannel channel,
      Map<String, String> metadata,
      Map<String, ? extends StoredTensor> tensors)
      throws IOException {
    byte[] header = header(metadata, tensors);
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putLong(header.length);
    drain(channel, buffer);
    drain(channel, ByteBuffer.wrap(header).position(header.length));
    for (StoredTensor tensor : tensors.values()) {
      for (int i = 0; i < tensor.size(); i++) {
        if (buffer.remaining() < Long.BYTES) {
          drain(channel, buffer);
        }
        switch (tensor) {
          case WeightTensor values -> buffer.putFloat(values.values()[i]);
          case DoubleTensor values -> buffer.putDouble(values.values()[i]);
          case LongTensor values -> buffer.putLong(values.values()[i]);
        }
      }
    }
    drain(channel, buffer);
  }

  private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
    buffer.flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  private static byte[] header(
      Map<String, String> metadata, Map<String, ? extends StoredTensor> tensors) {
    ObjectNode header = JSON.createObjectNode();
    ObjectNode notes = header.putObject(METADATA);
    metadata.forEach(notes::put);
    long offset = 0;
    for (Map.Entry<String, ? extends StoredTensor> entry : tensors.entrySet()) {
      StoredTensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", typeOf(tensor));
      ArrayNode shape = node.putArray("shape");
      Arrays.stream(tensor.shape()).forEach(shape::add);
      long end = offset + (long) tensor.size() * bytesOf(typeOf(tensor));
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static String typeOf(StoredTensor tensor) {
    return switch (tensor) {
      case WeightTensor _ -> "F32";
      case DoubleTensor _ -> "F64";
      case LongTensor _ -> "I64";
    };
  }

  private static int bytesOf(String type) {
    return type.equals("F32") ? Float.BYTES : Long.BYTES;
  }

  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String describe(IOException e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }
}
