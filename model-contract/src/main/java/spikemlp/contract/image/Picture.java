package spikemlp.contract.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A decoded picture.
 *
 * @param height rows
 * @param width columns
 * @param rgb {@code [height, width, 3]}, one unsigned byte a value; not copied: whoever makes a
 *     picture hands the array over, and nobody changes it after
 */
public record Picture(int height, int width, byte[] rgb) {

  /** The most pixels a picture may have unless the caller says otherwise: 50 million. */
  public static final long DEFAULT_MAX_PIXELS = 50_000_000;

  public Picture {
    if (height < 1 || width < 1 || rgb.length != 3L * height * width) {
      throw new IllegalArgumentException(
          "a picture of %d×%d has 3·%d·%d bytes, not %d"
              .formatted(height, width, height, width, rgb.length));
    }
  }

  /**
   * Decodes a JPEG or PNG of at most {@link #DEFAULT_MAX_PIXELS}, upright: an EXIF orientation is
   * applied. Grey becomes three equal channels, transparent pixels are laid on white, CMYK is
   * multiplied out, 16-bit samples are rounded to 8; embedded colour profiles and gamma are
   * ignored.
   *
   * @throws UnreadableImageException if it is empty, neither JPEG nor PNG, corrupt, truncated or
   *     too large
   */
  public static Picture decode(byte[] encoded) {
    return decode(encoded, DEFAULT_MAX_PIXELS);
  }

  /** Like {@link #decode(byte[])} for at most {@code maxPixels}, looked at before decoding. */
  public static Picture decode(byte[] encoded, long maxPixels) {
    return PictureDecoder.decode(encoded, PictureHeader.read(encoded), maxPixels);
  }

  /** This picture as a PNG, which decodes to exactly these pixels. */
  public byte[] toPng() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    byte[] bgr = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < rgb.length; i += 3) {
      bgr[i] = rgb[i + 2];
      bgr[i + 1] = rgb[i + 1];
      bgr[i + 2] = rgb[i];
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(rgb.length);
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java runtime has no PNG writer (java.desktop)");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing a PNG to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
