package spikemlp.contract.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Small pictures and their encodings, for tests. */
final class TestPictures {

  private TestPictures() {}

  /** A smooth picture, which survives JPEG. */
  static Picture smooth(int height, int width) {
    byte[] rgb = new byte[3 * height * width];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        rgb[at++] = (byte) (40 + 150 * x / width);
        rgb[at++] = (byte) (30 + 180 * y / height);
        rgb[at++] = (byte) (200 - 100 * (x + y) / (height + width));
      }
    }
    return new Picture(height, width, rgb);
  }

  static Picture noise(int height, int width, long seed) {
    byte[] rgb = new byte[3 * height * width];
    new Random(seed).nextBytes(rgb);
    return new Picture(height, width, rgb);
  }

  static byte[] jpeg(Picture picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < bgr.length; i++) {
      bgr[i] = picture.rgb()[i - i % 3 + 2 - i % 3];
    }
    return encoded(image, "jpeg");
  }

  static byte[] encoded(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (!ImageIO.write(image, format, bytes)) {
        throw new IllegalStateException("no writer for " + format);
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
