package spikemlp.trainer.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import spikemlp.contract.image.InputSpec;
import spikemlp.data.DataSources;
import spikemlp.data.ImageDataSet;

/** Archives of small pictures, and what of them lies on the disk. */
final class Archives {

  static final String PATH = "/api/v1/datasets";

  private static final ImageDataSet DIGITS =
      DataSources.digits(100, 20, 1).load(32, 32, InputSpec.Fit.COVER, 1).train();

  private Archives() {}

  /** A picture of 32×32. */
  static byte[] picture(int number) {
    return DIGITS.png(number % DIGITS.size());
  }

  /** Cats and dogs, so many pictures of each. */
  static ZipWriter cats(int each) {
    ZipWriter zip = new ZipWriter();
    for (int i = 0; i < each; i++) {
      zip.file("pets/cats/" + i + ".png", picture(i));
      zip.file("pets/dogs/" + i + ".png", picture(50 + i));
    }
    return zip;
  }

  /** The beginning of a PNG that says it is so large, and its end. */
  static byte[] hugePng(int side) {
    ByteBuffer png = ByteBuffer.allocate(8 + 25 + 12);
    png.putLong(0x89504E470D0A1A0AL);
    png.putInt(13).putInt(0x49484452).putInt(side).putInt(side);
    png.put((byte) 8).put((byte) 2).put((byte) 0).put((byte) 0).put((byte) 0);
    png.putInt(crc(png.array(), 12, 17));
    png.putInt(0).putInt(0x49454E44);
    png.putInt(crc(png.array(), 37, 4));
    return png.array();
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  /** The archives kept, and the files of uploads under way. */
  static List<Path> files(Path home) throws IOException {
    try (Stream<Path> all = Files.walk(home.resolve("work/datasets"))) {
      return all.filter(file -> file.toString().matches(".*\\.(zip|part)")).sorted().toList();
    }
  }

  /** The bytes of heap in use after everything else was freed. */
  static long heap() {
    IntStream.range(0, 3).forEach(i -> System.gc());
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
