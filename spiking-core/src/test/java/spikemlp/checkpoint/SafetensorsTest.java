package spikemlp.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsTest {

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() {
    Path file = directory.resolve("a.safetensors");
    float[] many = new float[300_001];
    for (int i = 0; i < many.length; i++) {
      many[i] = i * 0.5f;
    }
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    tensors.put("z", new WeightTensor(new int[] {many.length}, many));
    tensors.put("scalar", new DoubleTensor(new int[] {}, new double[] {Math.PI}));
    tensors.put("labels", new LongTensor(new int[] {2, 1}, new long[] {Long.MIN_VALUE, 7}));
    tensors.put("empty", new WeightTensor(new int[] {0, 3}, new float[0]));

    Safetensors.write(file, Map.of("config", "{\"τ\": 2}"), tensors);
    SafetensorsFile read = Safetensors.read(file);

    assertThat(read.metadata("config")).isEqualTo("{\"τ\": 2}");
    assertThat(read.tensors().keySet()).containsExactly("z", "scalar", "labels", "empty");
    assertThat(read.floats("z").values()).containsExactly(many);
    assertThat(read.doubles("scalar").values()).containsExactly(Math.PI);
    assertThat(read.doubles("scalar").shape()).isEmpty();
    assertThat(read.longs("labels").values()).containsExactly(Long.MIN_VALUE, 7);
    assertThat(read.longs("labels").shape()).containsExactly(2, 1);
    assertThat(read.floats("empty").shape()).containsExactly(0, 3);
  }

  @Test
  void theBytesAreTheFormats() throws IOException {
    Path file = directory.resolve("a.safetensors");
    Safetensors.write(
        file, Map.of(), Map.of("w", new WeightTensor(new int[] {2}, new float[] {1f, -2f})));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = (int) bytes.getLong();
    byte[] json = new byte[header];
    bytes.get(json);
    assertThat(new String(json, StandardCharsets.UTF_8).strip())
        .isEqualTo(
            "{\"__metadata__\":{},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}");
    assertThat(header % 8).isZero();
    assertThat(bytes.getFloat()).isEqualTo(1f);
    assertThat(bytes.getFloat()).isEqualTo(-2f);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void aFileFromPythonIsRead() {
    SafetensorsFile file =
        Safetensors.read(Path.of("src/test/resources/reference/spe-default.safetensors"));
    assertThat(file.metadata("config")).contains("\"time_steps\": 4");
    assertThat(file.doubles("input").shape()[1]).isEqualTo(3);
    assertThat(file.longs("labels").size()).isEqualTo(file.doubles("input").shape()[0]);
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    Path file = directory.resolve("whole.safetensors");
    Safetensors.write(
        file, Map.of(), Map.of("weight", new WeightTensor(new int[] {3}, new float[3])));
    byte[] whole = Files.readAllBytes(file);
    Path cut = directory.resolve("cut.safetensors");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Safetensors.read(cut))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("cut.safetensors")
          .hasMessageContaining("truncated");
    }
  }

  @Test
  void whatIsNoSafetensorsFileIsRefused() throws IOException {
    Path file = directory.resolve("picture.png");
    Files.writeString(file, "PNG this is a picture, really");
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("is no safetensors file");
    assertThatThrownBy(() -> Safetensors.read(directory.resolve("absent")))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("NoSuchFile");
    assertHeaderRefused("{\"w\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", "F16");
    assertHeaderRefused("{\"w\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", "'w'");
    assertHeaderRefused("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "'w'");
    assertHeaderRefused(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2147483647,9],\"data_offsets\":[0,4]}}", "larger");
    assertHeaderRefused(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", "'w'");
    assertHeaderRefused("[1, 2]", "no JSON object");
  }

  private void assertHeaderRefused(String header, String reason) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Path file = directory.resolve("bad.safetensors");
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("bad.safetensors")
        .hasMessageContaining(reason);
  }

  @Test
  void aMissingOrWrongTensorIsNamed() {
    Path file = directory.resolve("a.safetensors");
    Safetensors.write(file, Map.of(), Map.of("n", new LongTensor(new int[] {1}, new long[1])));
    SafetensorsFile read = Safetensors.read(file);
    assertThatThrownBy(() -> read.floats("head.classifier.weight"))
        .hasMessageContaining("'head.classifier.weight' is missing");
    assertThatThrownBy(() -> read.floats("n")).hasMessageContaining("real numbers");
  }

  @Test
  void aFailedWriteKeepsTheOldFileAndLeavesNoOther() throws IOException {
    Path file = directory.resolve("a.safetensors");
    Safetensors.write(file, Map.of("is", "old"), Map.of());
    Map<String, StoredTensor> unreadable = new LinkedHashMap<>();
    Path inNoFolder = directory.resolve("absent/a.safetensors");
    assertThatThrownBy(() -> Safetensors.write(inNoFolder, Map.of(), unreadable))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("cannot be written");
    // A full device: every write fails with "No space left on device".
    if (Files.exists(Path.of("/dev/full"))) {
      assertThatThrownBy(() ->
              Safetensors.writeThrough(
                  file,
                  Path.of("/dev/full"),
                  Map.of("is", "new"),
                  Map.of("w", new WeightTensor(new int[] {9}, new float[9]))))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContaining("No space left on device");
    }
    assertThat(Safetensors.read(file).metadata("is")).isEqualTo("old");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }
}
