package spikemlp.contract.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.contract.image.PictureHeader.Format;

class PictureTest {

  private static final String CMYK =
      "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwACAQEBAQECAQEBAgICAgIEAwICAgIFBAQDBAYFBgYGBQYGBgcJ"
          + "CAYHCQcGBggLCAkKCgoKCgYICwwLCgwJCgoK/8AAFAgACAAIBEMRAE0RAFkRAEsRAP/EABUAAQEAAAAA"
          + "AAAAAAAAAAAAAAkI/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAA4EQwBNAFkASwAAPwA2yuKUMI//2Q==";

  @Test
  void pngKeepsEveryPixel() {
    Picture picture = TestPictures.noise(13, 7, 5);
    Picture decoded = Picture.decode(picture.toPng());
    assertThat(decoded.height()).isEqualTo(13);
    assertThat(decoded.width()).isEqualTo(7);
    assertThat(decoded.rgb()).isEqualTo(picture.rgb());
  }

  @Test
  void jpegKeepsColoursNearly() {
    Picture picture = TestPictures.smooth(40, 56);
    Picture decoded = Picture.decode(TestPictures.jpeg(picture));
    assertThat(decoded.width()).isEqualTo(56);
    for (int i = 0; i < picture.rgb().length; i++) {
      assertThat(decoded.rgb()[i] & 0xFF)
          .isBetween((picture.rgb()[i] & 0xFF) - 16, (picture.rgb()[i] & 0xFF) + 16);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg"})
  void greyBecomesThreeEqualChannelsOfTheSameValue(String format) {
    BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        grey.getRaster().setSample(x, y, 0, 77);
      }
    }
    assertThat(Picture.decode(TestPictures.encoded(grey, format)).rgb()).containsOnly(77);
  }

  @Test
  void transparentPixelsLieOnWhite() {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00FF0000);
    image.setRGB(1, 0, 0xFF102030);
    image.setRGB(2, 0, 0x80000000);
    assertThat(Picture.decode(TestPictures.encoded(image, "png")).rgb())
        .containsExactly(-1, -1, -1, 0x10, 0x20, 0x30, 127, 127, 127);
  }

  @Test
  void palettesAndSixteenBitsAreRead() {
    BufferedImage palette = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
    palette.setRGB(0, 0, Color.RED.getRGB());
    assertThat(Picture.decode(TestPictures.encoded(palette, "png")).rgb())
        .containsExactly(-1, 0, 0, 0, 0, 0);
    BufferedImage wide = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    wide.getRaster().setSample(0, 0, 0, 0x40C0);
    assertThat(Picture.decode(TestPictures.encoded(wide, "png")).rgb())
        .containsExactly(0x40, 0x40, 0x40);
  }

  @Test
  void exifOrientationIsApplied() {
    Picture picture = TestPictures.smooth(16, 32);
    byte[] plain = TestPictures.jpeg(picture);
    Picture upright = Picture.decode(plain);
    Picture turned = Picture.decode(withOrientation(plain, 6));
    assertThat(turned.height()).isEqualTo(32);
    assertThat(turned.width()).isEqualTo(16);
    assertThat(Arrays.copyOfRange(turned.rgb(), 3 * 15, 3 * 16))
        .isEqualTo(Arrays.copyOfRange(upright.rgb(), 0, 3));
    assertThat(PictureHeader.read(withOrientation(plain, 6)).height()).isEqualTo(32);
  }

  /** A JPEG that Pillow 12.3 wrote from one CMYK colour, and the RGB that it reads from it. */
  @Test
  void cmykIsMultipliedOut() {
    Picture picture = Picture.decode(Base64.getDecoder().decode(CMYK));
    assertThat(picture.height()).isEqualTo(8);
    for (int i = 0; i < picture.rgb().length; i++) {
      assertThat(picture.rgb()[i] & 0xFF).isEqualTo(new int[] {49, 190, 146}[i % 3]);
    }
  }

  @Test
  void aJpegCutAnywhereIsRefused() {
    byte[] jpeg = TestPictures.jpeg(TestPictures.noise(32, 32, 3));
    for (int length = 3; length < jpeg.length; length += 29) {
      byte[] cut = Arrays.copyOf(jpeg, length);
      assertThatThrownBy(() -> Picture.decode(cut)).isInstanceOf(UnreadableImageException.class);
    }
    byte[] almost = Arrays.copyOf(jpeg, jpeg.length - 200);
    assertThatThrownBy(() -> Picture.decode(almost)).hasMessageContaining("cut off");
  }

  @Test
  void aJpegWithItsMiddleMissingIsRefusedThoughItEndsWell() {
    byte[] jpeg = TestPictures.jpeg(TestPictures.noise(64, 64, 3));
    byte[] gap = Arrays.copyOf(jpeg, jpeg.length - 2000);
    gap[gap.length - 2] = (byte) 0xFF;
    gap[gap.length - 1] = (byte) 0xD9;
    assertThatThrownBy(() -> Picture.decode(gap))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("corrupt");
  }

  @Test
  void aPngCutOrChangedAnywhereIsRefused() {
    byte[] png = TestPictures.noise(20, 20, 3).toPng();
    Random random = new Random(1);
    for (int length = 1; length < png.length; length += 31) {
      byte[] cut = Arrays.copyOf(png, length);
      assertThatThrownBy(() -> Picture.decode(cut)).isInstanceOf(UnreadableImageException.class);
      byte[] changed = png.clone();
      changed[length] ^= (byte) (1 << random.nextInt(8));
      assertThatThrownBy(() -> Picture.decode(changed))
          .isInstanceOf(UnreadableImageException.class);
    }
  }

  @Test
  void corruptJpegsGiveAPictureOrAReasonAndNothingElse() {
    byte[] jpeg = TestPictures.jpeg(TestPictures.smooth(24, 24));
    Random random = new Random(9);
    for (int round = 0; round < 400; round++) {
      byte[] changed = jpeg.clone();
      changed[random.nextInt(jpeg.length)] = (byte) random.nextInt();
      try {
        assertThat(Picture.decode(changed, 1_000_000).rgb()).isNotEmpty();
      } catch (UnreadableImageException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  @Test
  void saysWhatIsWrongWithOtherFiles() {
    assertThatThrownBy(() -> Picture.decode(new byte[0])).hasMessageContaining("empty");
    assertThatThrownBy(() -> Picture.decode("GIF89a…".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("a GIF")
        .hasMessageContaining("convert it to JPEG or PNG");
    assertThatThrownBy(() -> Picture.decode("hello".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("68 65 6C 6C")
        .hasMessageContaining("neither a JPEG");
  }

  @Test
  void theHeaderAloneTellsFormatAndSize() {
    assertThat(PictureHeader.read(TestPictures.jpeg(TestPictures.smooth(9, 17))))
        .returns(Format.JPEG, PictureHeader::format)
        .returns(9, PictureHeader::height)
        .returns(17, PictureHeader::width);
  }

  @Test
  void aHugePictureIsRefusedByItsHeader() {
    byte[] png = Arrays.copyOf(TestPictures.smooth(2, 2).toPng(), 40);
    png[16 + 2] = 0x40;
    png[20 + 2] = 0x40;
    assertThatThrownBy(() -> Picture.decode(png))
        .isInstanceOf(UnreadableImageException.class)
        .hasMessageContaining("megapixels")
        .hasMessageContaining("50.0");
  }

  private static byte[] withOrientation(byte[] jpeg, int orientation) {
    byte[] segment = {
      (byte) 0xFF,
      (byte) 0xE1,
      0,
      34,
      'E',
      'x',
      'i',
      'f',
      0,
      0,
      'M',
      'M',
      0,
      42,
      0,
      0,
      0,
      8,
      0,
      1,
      0x01,
      0x12,
      0,
      3,
      0,
      0,
      0,
      1,
      0,
      (byte) orientation,
      0,
      0,
      0,
      0,
      0,
      0
    };
    byte[] joined = new byte[jpeg.length + segment.length];
    System.arraycopy(jpeg, 0, joined, 0, 2);
    System.arraycopy(segment, 0, joined, 2, segment.length);
    System.arraycopy(jpeg, 2, joined, 2 + segment.length, jpeg.length - 2);
    return joined;
  }
}
