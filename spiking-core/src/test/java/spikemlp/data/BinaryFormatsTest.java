package spikemlp.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.image.InputSpec.Fit;

class BinaryFormatsTest {

  @TempDir Path folder;

  @Test
  void readsCifarTen() throws IOException {
    Path below = Files.createDirectory(folder.resolve("cifar-10-batches-bin"));
    Files.write(below.resolve("data_batch_1.bin"), join(cifar(3), cifar(9)));
    Files.write(below.resolve("data_batch_2.bin"), cifar(0));
    Files.write(below.resolve("test_batch.bin"), cifar(5));
    DataSource source = DataSources.open(folder);
    assertThat(source.labels()).hasSize(10).startsWith("airplane", "automobile");
    DataSplit split = source.load(32, 32, Fit.COVER, 1);
    assertThat(split.train().size()).isEqualTo(3);
    assertThat(split.train().label(1)).isEqualTo(9);
    assertThat(split.test().label(0)).isEqualTo(5);
    byte[] rgb = new byte[3072];
    split.train().pixels(0, rgb, 0);
    assertThat(Arrays.copyOf(rgb, 6)).containsExactly(10, 20, 30, 10, 20, 30);
  }

  @Test
  void readsCifarHundredByItsFineLabels() throws IOException {
    Files.write(
        folder.resolve("train.bin"), join(new byte[] {7}, cifar(99), new byte[] {8}, cifar(1)));
    Files.write(folder.resolve("test.bin"), join(new byte[] {7}, cifar(42)));
    DataSource source = DataSources.open(folder);
    assertThat(source.labels()).hasSize(100);
    DataSplit split = source.load(16, 16, Fit.COVER, 1);
    assertThat(split.train().label(0)).isEqualTo(99);
    assertThat(split.test().label(0)).isEqualTo(42);
  }

  @Test
  void refusesACifarFileThatIsCutOff() throws IOException {
    Files.write(folder.resolve("data_batch_1.bin"), Arrays.copyOf(cifar(1), 3000));
    refused("data_batch_1.bin", "3000", "3073");
  }

  @Test
  void refusesACifarLabelOutOfRange() throws IOException {
    Files.write(folder.resolve("data_batch_1.bin"), cifar(10));
    DataSource source = DataSources.open(folder);
    assertThatThrownBy(() -> source.load(32, 32, Fit.COVER, 1)).hasMessageContaining("label 10");
  }

  @Test
  void readsMnistGzippedOrNotAlike() throws IOException {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Path packed = Files.createDirectory(folder.resolve("packed"));
    for (String part : new String[] {"train", "t10k"}) {
      byte[] images = idxImages(4);
      byte[] labels = idxLabels(1, 7, 7, 1);
      Files.write(plain.resolve(part + "-images-idx3-ubyte"), images);
      Files.write(plain.resolve(part + "-labels-idx1-ubyte"), labels);
      Files.write(packed.resolve(part + "-images-idx3-ubyte.gz"), gzip(images));
      Files.write(packed.resolve(part + "-labels-idx1-ubyte.gz"), gzip(labels));
    }
    DataSource source = DataSources.open(plain);
    assertThat(source.labels()).containsExactly("1", "7");
    assertThat(source.height()).isEqualTo(2);
    assertThat(source.width()).isEqualTo(3);
    DataSplit split = source.load(2, 3, Fit.COVER, 1);
    assertThat(split.test().size()).isEqualTo(4);
    assertThat(split.train().label(1)).isEqualTo(1);
    byte[] rgb = new byte[18];
    split.train().pixels(2, rgb, 0);
    assertThat(rgb).containsOnly(2);
    assertThat(DataSources.open(packed).load(2, 3, Fit.COVER, 1).contentHash())
        .isEqualTo(split.contentHash());
  }

  @Test
  void refusesIdxFilesThatDoNotFit() throws IOException {
    Path images = folder.resolve("train-images-idx3-ubyte");
    Files.write(folder.resolve("train-labels-idx1-ubyte"), idxLabels(1, 2, 1));
    refused("lacks train-images-idx3-ubyte");
    Files.write(images, idxImages(4));
    DataSource unequal = DataSources.open(folder);
    assertThatThrownBy(() -> unequal.load(2, 3, Fit.COVER, 1))
        .isInstanceOf(UnusableDataSetException.class)
        .hasMessageContaining("4 pictures")
        .hasMessageContaining("3 labels");
    Files.write(images, Arrays.copyOf(idxImages(3), 16 + 7));
    DataSource cut = DataSources.open(folder);
    assertThatThrownBy(() -> cut.load(2, 3, Fit.COVER, 1)).hasMessageContaining("cut off");
    Files.write(images, idxLabels(1, 2, 1));
    refused("00000801", "00000803");
  }

  private void refused(String... parts) {
    assertThatThrownBy(() -> DataSources.open(folder))
        .isInstanceOf(UnusableDataSetException.class)
        .message()
        .contains(parts);
  }

  private static byte[] cifar(int label) {
    byte[] bytes = new byte[3073];
    bytes[0] = (byte) label;
    for (int plane = 0; plane < 3; plane++) {
      Arrays.fill(bytes, 1 + 1024 * plane, 1 + 1024 * (plane + 1), (byte) (10 * (plane + 1)));
    }
    return bytes;
  }

  private static byte[] idxImages(int count) {
    ByteBuffer buffer = ByteBuffer.allocate(16 + 6 * count);
    buffer.putInt(0x803).putInt(count).putInt(2).putInt(3);
    for (int i = 0; i < 6 * count; i++) {
      buffer.put((byte) (i / 6));
    }
    return buffer.array();
  }

  private static byte[] idxLabels(int... labels) {
    ByteBuffer buffer = ByteBuffer.allocate(8 + labels.length).putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      buffer.put((byte) label);
    }
    return buffer.array();
  }

  private static byte[] join(byte[]... parts) throws IOException {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.write(part);
    }
    return joined.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
