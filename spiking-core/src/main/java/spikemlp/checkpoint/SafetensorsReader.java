package spikemlp.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One reading of a safetensors file, trusting nothing that the file says of itself. */
final class SafetensorsReader {

  private static final int MOST_HEADER_BYTES = 100_000_000;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path path;
  private final FileChannel channel;
  private final long fileSize;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  SafetensorsReader(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.fileSize = channel.size();
  }

  SafetensorsFile read() throws IOException {
    if (fileSize < Long.BYTES) {
      throw unreadable("it has only " + fileSize + " bytes");
    }
    fill("its header's length", 0, Long.BYTES);
    long headerBytes = chunk.getLong();
    if (headerBytes < 2 || headerBytes > MOST_HEADER_BYTES || headerBytes > fileSize - Long.BYTES) {
      throw unreadable(
          "its header should have " + headerBytes + " bytes, the file has " + fileSize);
    }
    JsonNode header = header((int) headerBytes);
    long dataStart = Long.BYTES + headerBytes;
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (entry.getKey().equals(Safetensors.METADATA)) {
        readMetadata(entry.getValue(), metadata);
      } else {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), dataStart));
      }
    }
    return new SafetensorsFile(path, metadata, tensors);
  }

  private JsonNode header(int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    long position = Long.BYTES;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, position);
      if (read < 0) {
        throw unreadable("it ends within its header");
      }
      position += read;
    }
    try {
      JsonNode header = JSON.readTree(new String(buffer.array(), StandardCharsets.UTF_8));
      if (!header.isObject()) {
        throw unreadable("its header is no JSON object");
      }
      return header;
    } catch (JacksonException e) {
      throw new CheckpointException(
          path, "is no safetensors file: its header is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private void readMetadata(JsonNode node, Map<String, String> metadata) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!entry.getValue().isString()) {
        throw unreadable("its metadata '" + entry.getKey() + "' is no text");
      }
      metadata.put(entry.getKey(), entry.getValue().stringValue());
    }
  }

  private StoredTensor tensor(String name, JsonNode node, long dataStart) throws IOException {
    String type = node.path("dtype").asString("");
    int[] shape = shape(name, node.path("shape"));
    int size;
    try {
      size = StoredTensor.sizeOf(shape);
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(path, "tensor '" + name + "': " + e.getMessage(), e);
    }
    int width =
        switch (type) {
          case "F32" -> Float.BYTES;
          case "F64", "I64" -> Long.BYTES;
          default ->
              throw new CheckpointException(
                  path, "tensor '" + name + "' has type '" + type + "'; F32, F64 and I64 are read");
        };
    JsonNode offsets = node.path("data_offsets");
    long from = offsets.path(0).asLong(-1);
    long to = offsets.path(1).asLong(-1);
    if (from < 0 || to - from != (long) size * width) {
      throw new CheckpointException(
          path,
          "tensor '"
              + name
              + "' should take "
              + (long) size * width
              + " bytes, its place is ["
              + from
              + ", "
              + to
              + ")");
    }
    if (dataStart + to > fileSize) {
      throw new CheckpointException(
          path,
          "is truncated: tensor '"
              + name
              + "' ends at byte "
              + (dataStart + to)
              + ", the file has "
              + fileSize);
    }
    return values(name, type, shape, size, dataStart + from);
  }

  private int[] shape(String name, JsonNode node) {
    int[] shape = new int[node.size()];
    for (int i = 0; i < shape.length; i++) {
      if (!node.get(i).isInt()) {
        throw new CheckpointException(path, "tensor '" + name + "' has the shape " + node);
      }
      shape[i] = node.get(i).intValue();
    }
    return shape;
  }

  private StoredTensor values(String name, String type, int[] shape, int size, long start)
      throws IOException {
    if (type.equals("F32")) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        next(name, start, i, size, Float.BYTES);
        values[i] = chunk.getFloat();
      }
      return new WeightTensor(shape, values);
    }
    if (type.equals("F64")) {
      double[] values = new double[size];
      for (int i = 0; i < size; i++) {
        next(name, start, i, size, Double.BYTES);
        values[i] = chunk.getDouble();
      }
      return new DoubleTensor(shape, values);
    }
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      next(name, start, i, size, Long.BYTES);
      values[i] = chunk.getLong();
    }
    return new LongTensor(shape, values);
  }

  /** Sees to it that value {@code i} is next in the chunk. */
  private void next(String name, long start, int i, int size, int width) throws IOException {
    if (i % (CHUNK_BYTES / width) == 0) {
      long left = (long) (size - i) * width;
      fill("tensor '" + name + "'", start + (long) i * width, (int) Math.min(left, CHUNK_BYTES));
    }
  }

  private void fill(String what, long position, int bytes) throws IOException {
    chunk.clear().limit(bytes);
    while (chunk.hasRemaining()) {
      int read = channel.read(chunk, position + chunk.position());
      if (read < 0) {
        throw new CheckpointException(path, "is truncated: it ends within " + what);
      }
    }
    chunk.flip();
  }

  private CheckpointException unreadable(String why) {
    return new CheckpointException(path, "is no safetensors file or is truncated: " + why);
  }
}
