package spikemlp.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageDataSetTest {

  /** Four classes of seven pictures each, ordered by class; each pixel says which picture it is. */
  private static ImageDataSet ordered() {
    byte[] rgb = new byte[28 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3);
    }
    int[] classes = IntStream.range(0, 28).map(i -> i / 7).toArray();
    return ImageDataSet.of(1, 1, List.of("a", "b", "c", "d"), classes, rgb);
  }

  @Test
  void aSpreadPartHoldsEachClassInItsShareWithItsOwnPixels() {
    ImageDataSet part = ordered().spread(8);
    assertThat(IntStream.range(0, 8).map(part::label)).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
    byte[] pixel = new byte[3];
    part.pixels(7, pixel, 0);
    assertThat(pixel).containsOnly((byte) 24);
  }

  @Test
  void aSpreadPartOfPicturesWhoseClassesTakeTurnsHoldsEachClass() {
    int[] classes = IntStream.range(0, 20).map(i -> i % 4).toArray();
    ImageDataSet part =
        ImageDataSet.of(1, 1, List.of("a", "b", "c", "d"), classes, new byte[60]).spread(8);
    assertThat(IntStream.range(0, 8).map(part::label)).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
  }

  @Test
  void aPartLargerThanTheWholeIsTheWhole() {
    assertThat(ordered().spread(100).size()).isEqualTo(28);
    assertThat(ordered().spread(0).size()).isZero();
  }
}
