package spikemlp.contract.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import spikemlp.contract.image.InputSpec.Fit;

class ImagePreparationTest {

  @Test
  void aPictureOfTheInputsSizeIsNotTouched() {
    Picture picture = TestPictures.noise(32, 32, 1);
    assertThat(of(32, 32, Fit.COVER).pixels(picture.toPng())).isEqualTo(picture.rgb());
    assertThat(of(32, 32, Fit.STRETCH).pixels(picture.toPng())).isEqualTo(picture.rgb());
  }

  @Test
  void aMeanThatIsNoNumberIsRefused() {
    assertThatThrownBy(() ->
            new InputSpec(
                4, 4, Fit.COVER, List.of(0.5, Double.NaN, 0.5), List.of(0.25, 0.25, 0.25)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mean must be a finite number in every channel, not [0.5, NaN, 0.5]");
  }

  @Test
  void halvingAveragesSymmetrically() {
    byte[] rgb = new byte[3 * 2 * 2];
    Arrays.fill(rgb, 0, 6, (byte) 200);
    byte[] one = of(1, 1, Fit.STRETCH).pixels(new Picture(2, 2, rgb));
    assertThat(one).containsExactly(100, 100, 100);
  }

  @Test
  void aPlainPictureStaysPlainAtEverySize() {
    byte[] rgb = new byte[3 * 37 * 53];
    Arrays.fill(rgb, (byte) 213);
    for (int side : new int[] {1, 3, 36, 37, 38, 53, 100}) {
      byte[] resized = of(side, side + 2, Fit.STRETCH).pixels(new Picture(37, 53, rgb));
      assertThat(resized).hasSize(3 * side * (side + 2)).containsOnly((byte) 213);
    }
  }

  /** Reference values: Pillow 12.3, {@code resize((3, 2), BILINEAR)} of the same 5×7 picture. */
  @Test
  void resizingIsPillowsBilinear() {
    byte[] rgb = new byte[3 * 5 * 7];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i * 37 % 251);
    }
    assertThat(of(2, 3, Fit.STRETCH).pixels(new Picture(5, 7, rgb))).containsExactly(PILLOW_2_BY_3);
    assertThat(of(4, 4, Fit.COVER).pixels(new Picture(5, 7, rgb))).containsExactly(PILLOW_COVER_4);
  }

  @Test
  void aPartIsResizedAsIfItWereAPicture() {
    Picture picture = TestPictures.noise(20, 30, 5);
    byte[] rgb = new byte[3 * 7 * 11];
    for (int y = 0; y < 7; y++) {
      System.arraycopy(picture.rgb(), 3 * ((4 + y) * 30 + 9), rgb, 3 * y * 11, 3 * 11);
    }
    ImagePreparation preparation = of(16, 16, Fit.STRETCH);
    assertThat(preparation.part(picture, 4, 9, 7, 11))
        .containsExactly(preparation.pixels(new Picture(7, 11, rgb)));
    assertThat(preparation.part(picture, 0, 0, 20, 30))
        .containsExactly(preparation.pixels(picture));
    assertThatThrownBy(() -> preparation.part(picture, 14, 0, 7, 30))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void coverTakesTheCentre() {
    byte[] rgb = new byte[3 * 4 * 12];
    for (int y = 0; y < 4; y++) {
      Arrays.fill(rgb, 3 * (12 * y + 4), 3 * (12 * y + 8), (byte) 255);
    }
    byte[] cover = of(4, 4, Fit.COVER).pixels(new Picture(4, 12, rgb));
    assertThat(cover).containsOnly((byte) 255);
    assertThat(of(4, 4, Fit.STRETCH).pixels(new Picture(4, 12, rgb))).contains((byte) 0);
  }

  @Test
  void normalisesToPlanes() {
    InputSpec spec =
        new InputSpec(1, 2, Fit.STRETCH, List.of(0.5, 0.0, 0.2), List.of(0.25, 1.0, 0.5));
    byte[] rgb = {0, 1, (byte) 51, (byte) 255, (byte) 128, (byte) 204};
    float[] chw = new ImagePreparation(spec).prepare(new Picture(1, 2, rgb).toPng());
    assertThat(chw)
        .containsExactly(-2f, 2f, (float) (1 / 255.0), (float) (128 / 255.0), 0f, (float) 1.2);
  }

  @Test
  void givesTheSamePixelsFromManyThreads() {
    ImagePreparation preparation = of(24, 24, Fit.COVER);
    byte[] jpeg = TestPictures.jpeg(TestPictures.smooth(60, 90));
    byte[] expected = preparation.pixels(jpeg);
    assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> preparation.pixels(jpeg)))
        .allSatisfy(pixels -> assertThat(pixels).isEqualTo(expected));
  }

  @Test
  void refusesMorePixelsThanAllowedBeforeDecoding() {
    ImagePreparation preparation =
        new ImagePreparation(InputSpec.unnormalised(8, 8, Fit.COVER), 99);
    byte[] png = TestPictures.smooth(10, 10).toPng();
    byte[] headerAlone = Arrays.copyOf(png, 40);
    assertThatThrownBy(() -> preparation.pixels(headerAlone))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("10×10");
  }

  private static ImagePreparation of(int height, int width, Fit fit) {
    return new ImagePreparation(InputSpec.unnormalised(height, width, fit));
  }

  private static final byte[] PILLOW_2_BY_3 = {
    104, 102, -122, -110, 103, 120, -111, -113, 106, 115, -106, 109, 114, -124, 125, 127, 113, 125
  };

  private static final byte[] PILLOW_COVER_4 = {
    -122, 113, -106, -86, 60, 97, -103, -103, 80, 100, 123, 111, -118, -115, -78, -119, 88, 125,
    -75, 71, 108, -128, 107, 125, -124, -87, 105, 79, 116, -103, 123, 99, -120, 122, 124, -103, -96,
    -59, 60, 107, -112, 103, 90, 127, 86, 112, -112, -75
  };
}
