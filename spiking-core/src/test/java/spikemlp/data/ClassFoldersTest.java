package spikemlp.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.image.InputSpec.Fit;
import spikemlp.contract.image.Picture;

class ClassFoldersTest {

  @TempDir Path folder;

  @Test
  void readsADirectoryAndHoldsOutATenthOfEachClass() throws IOException {
    DataSource source = DataSources.open(directory(classes("", 20)));
    assertThat(source.labels()).containsExactly("cat", "dog");
    assertThat(source.height()).isEqualTo(8);
    assertThat(source.width()).isEqualTo(12);
    DataSplit split = source.load(8, 12, Fit.COVER, 5);
    assertThat(split.train().size()).isEqualTo(36);
    assertThat(split.test().size()).isEqualTo(4);
    assertThat(split.skipped()).isEmpty();
    byte[] rgb = new byte[3 * 8 * 12];
    for (int i = 0; i < split.train().size(); i++) {
      split.train().pixels(i, rgb, 0);
      assertThat(rgb[0] & 0xFF).isEqualTo(split.train().label(i) == 0 ? 50 : 200);
    }
  }

  @Test
  void theSameSeedSplitsTheSameAndAnotherDoesNot() throws IOException {
    DataSource source = DataSources.open(directory(classes("", 40)));
    ImageDataSet first = source.load(8, 8, Fit.STRETCH, 5).test();
    assertThat(marks(source.load(8, 8, Fit.STRETCH, 5).test())).isEqualTo(marks(first));
    assertThat(marks(source.load(8, 8, Fit.STRETCH, 6).test())).isNotEqualTo(marks(first));
  }

  @Test
  void aZipWithAWrappingFolderIsTheSameDataSet() throws IOException {
    Map<String, byte[]> files = new TreeMap<>(classes("train/", 5));
    files.putAll(classes("test/", 2));
    DataSplit plain = DataSources.open(directory(files)).load(8, 12, Fit.COVER, 1);
    Map<String, byte[]> wrapped = new TreeMap<>();
    files.forEach((name, bytes) -> wrapped.put("pets/" + name, bytes));
    wrapped.put("__MACOSX/pets/train/cat/._0.png", new byte[3]);
    wrapped.put("pets/readme.txt", new byte[3]);
    DataSplit zipped = DataSources.open(zip(wrapped)).load(8, 12, Fit.COVER, 1);
    assertThat(zipped.train().size()).isEqualTo(10);
    assertThat(zipped.test().size()).isEqualTo(4);
    assertThat(zipped.contentHash()).isEqualTo(plain.contentHash());
  }

  @Test
  void anotherByteIsAnotherContentHash() throws IOException {
    Map<String, byte[]> files = classes("", 3);
    String before = DataSources.open(zip(files)).load(8, 8, Fit.COVER, 1).contentHash();
    files.put("cat/0.png", plain(51));
    assertThat(DataSources.open(zip(files)).load(8, 8, Fit.COVER, 1).contentHash())
        .isNotEqualTo(before);
  }

  @Test
  void anUnreadablePictureIsSkippedAndNamed() throws IOException {
    Map<String, byte[]> files = classes("", 20);
    files.put("cat/7.png", Arrays.copyOf(files.get("cat/7.png"), 50));
    DataSplit split = DataSources.open(directory(files)).load(8, 8, Fit.COVER, 1);
    assertThat(split.train().size() + split.test().size()).isEqualTo(39);
    SkippedPicture skipped = split.skipped().getFirst();
    assertThat(split.skipped()).hasSize(1);
    assertThat(skipped.file()).isEqualTo("cat/7.png");
    assertThat(skipped.reason()).contains("cut off");
  }

  @Test
  void aDamagedEntryOfAnArchiveIsSkippedAndNamed() throws IOException {
    Path archive = zip(classes("pets/", 20));
    byte[] bytes = Files.readAllBytes(archive);
    int name = indexOf(bytes, "pets/cat/0.png".getBytes(StandardCharsets.UTF_8));
    for (int i = 0; i < 12; i++) {
      bytes[name + 14 + i] ^= 0x5a; // its packed data
    }
    Files.write(archive, bytes);
    DataSplit split = DataSources.open(archive).load(8, 8, Fit.COVER, 1);
    assertThat(split.train().size() + split.test().size()).isEqualTo(39);
    assertThat(split.skipped()).extracting(SkippedPicture::file).containsExactly("pets/cat/0.png");
  }

  @Test
  void namesThePicturesOfEachClass() throws IOException {
    Map<String, byte[]> files = new TreeMap<>(classes("pets/train/", 2));
    files.putAll(classes("pets/val/", 1));
    files.put("pets/train/cat/.hidden.png", new byte[3]);
    assertThat(DataSources.pictures(zip(files)).get("cat"))
        .containsExactly("pets/train/cat/0.png", "pets/train/cat/1.png", "pets/val/cat/0.png");
  }

  private static int indexOf(byte[] bytes, byte[] sought) {
    for (int i = 0; ; i++) {
      if (Arrays.equals(bytes, i, i + sought.length, sought, 0, sought.length)) {
        return i;
      }
    }
  }

  @Test
  void tooManyUnreadablePicturesFailTheLoad() throws IOException {
    Map<String, byte[]> files = classes("", 20);
    for (int i = 0; i < 3; i++) {
      files.put("dog/" + i + ".png", new byte[0]);
    }
    DataSource source = DataSources.open(directory(files));
    assertThatThrownBy(() -> source.load(8, 8, Fit.COVER, 1))
        .isInstanceOf(UnusableDataSetException.class)
        .hasMessageContaining("dog/")
        .hasMessageContaining("empty");
  }

  @Test
  void namesAnEmptyClass() throws IOException {
    Path root = directory(classes("", 3));
    Files.createDirectory(root.resolve("bird"));
    Files.write(root.resolve("bird/a.gif"), new byte[9]);
    refused(root, "'bird' is empty", "*.gif");
  }

  @Test
  void refusesOneClass() throws IOException {
    refused(
        directory(Map.of("cat/0.png", plain(1), "cat/1.png", plain(2))), "only one class", "'cat'");
  }

  @Test
  void refusesATestClassThatTrainingLacks() throws IOException {
    Map<String, byte[]> files = classes("train/", 3);
    files.put("test/cow/0.png", plain(1));
    refused(directory(files), "'cow'", "train/ has not");
  }

  @Test
  void saysWhatThereIsInsteadOfImages() throws IOException {
    refused(directory(Map.of("notes.txt", new byte[1])), "notes.txt", "CIFAR-10", "IDX");
    refused(folder.resolve("absent"), "there is nothing at", "absent");
    Path file = Files.write(folder.resolve("data.tar.gz"), new byte[] {0x1F, (byte) 0x8B, 8, 0});
    refused(file, "neither a directory nor a zip", "unpack");
  }

  @Test
  void refusesAZipThatNamesAPathOutside() throws IOException {
    for (String name :
        new String[] {"../cat/0.png", "/etc/cat/0.png", "a/../../0.png", "C:\\0.png"}) {
      Map<String, byte[]> files = classes("", 2);
      files.put(name, plain(1));
      refused(zip(files), name, "no plain path");
    }
  }

  @Test
  void refusesAZipEntryThatUnpacksTooFar() throws IOException {
    Map<String, byte[]> files = classes("", 2);
    files.put("cat/bomb.png", new byte[4 << 20]);
    refused(zip(files), "cat/bomb.png", "unpacks from");
  }

  @Test
  void refusesATruncatedZip() throws IOException {
    Path whole = zip(classes("", 9));
    byte[] bytes = Files.readAllBytes(whole);
    refused(Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2)), "not a whole zip");
  }

  @Test
  void keepsPixelsInAFilePastTheBound() {
    PixelStore.Writer writer = PixelStore.writer(5, 4, 10);
    for (int slot = 4; slot >= 0; slot--) {
      writer.put(slot, new byte[] {(byte) slot, 1, 2, 3});
    }
    PixelStore store = writer.finish();
    byte[] read = new byte[6];
    store.get(3, read, 2);
    assertThat(read).containsExactly(0, 0, 3, 1, 2, 3);
  }

  private static void refused(Path path, String... parts) {
    assertThatThrownBy(() -> DataSources.open(path))
        .isInstanceOf(UnusableDataSetException.class)
        .message()
        .contains(parts);
  }

  /** Pictures of cats and dogs, whose first pixel tells the class and last the picture. */
  private static Map<String, byte[]> classes(String part, int each) {
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < each; i++) {
      files.put(part + "cat/" + i + ".png", marked(50, i));
      files.put(part + "dog/" + i + ".png", marked(200, i));
    }
    return files;
  }

  private static byte[] plain(int value) {
    return marked(value, value);
  }

  private static byte[] marked(int value, int mark) {
    byte[] rgb = new byte[3 * 8 * 12];
    Arrays.fill(rgb, (byte) value);
    Arrays.fill(rgb, rgb.length - 3, rgb.length, (byte) mark);
    return new Picture(8, 12, rgb).toPng();
  }

  private static String marks(ImageDataSet images) {
    StringBuilder marks = new StringBuilder();
    byte[] rgb = new byte[3 * images.height() * images.width()];
    for (int i = 0; i < images.size(); i++) {
      images.pixels(i, rgb, 0);
      marks.append(rgb[rgb.length - 1]).append(' ');
    }
    return marks.toString();
  }

  private Path directory(Map<String, byte[]> files) throws IOException {
    Path root = Files.createTempDirectory(folder, "images");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = root.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    return root;
  }

  private Path zip(Map<String, byte[]> files) throws IOException {
    Path path = Files.createTempFile(folder, "images", ".zip");
    try (OutputStream out = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    }
    return path;
  }
}
