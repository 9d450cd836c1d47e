package spikemlp.contract.image;

/**
 * What a picture's first bytes say, read without decoding it.
 *
 * @param format JPEG or PNG, by content and not by file name
 * @param height rows of the upright picture
 * @param width columns of the upright picture
 * @param colour how its samples become RGB
 * @param orientation EXIF orientation, 1 (upright) to 8
 */
public record PictureHeader(Format format, int height, int width, Colour colour, int orientation) {

  /** The formats that can be read. */
  public enum Format {
    JPEG,
    PNG
  }

  /** How a decoder's samples become RGB. */
  public enum Colour {
    /** One channel, repeated. */
    GREY,
    /** Three channels as they are; for PNG whatever its colour model says. */
    RGB,
    /** Luma and two chroma channels, full range (BT.601), as in almost every JPEG. */
    YCBCR,
    /** Inks stored inverted, as every program that writes CMYK JPEGs does. */
    CMYK,
    /** The same with the first three as YCbCr. */
    YCCK
  }

  /** The longest side that is read. */
  static final int MAX_SIDE = 65_535;

  /**
   * Reads the header.
   *
   * @throws UnreadableImageException if there is none, or a kind of JPEG that cannot be decoded
   */
  public static PictureHeader read(byte[] encoded) {
    if (encoded.length == 0) {
      throw new UnreadableImageException("the picture is empty (0 bytes); send a JPEG or PNG");
    }
    PictureHeader header =
        JpegMarkers.isJpeg(encoded)
            ? JpegMarkers.read(encoded)
            : PngChunks.isPng(encoded) ? PngChunks.read(encoded) : unknown(encoded);
    if (header.height > MAX_SIDE || header.width > MAX_SIDE) {
      throw new UnreadableImageException(
          "the picture is %d×%d (height×width); at most %d a side are read"
              .formatted(header.height, header.width, MAX_SIDE));
    }
    return header;
  }

  long pixels() {
    return (long) height * width;
  }

  private static PictureHeader unknown(byte[] encoded) {
    throw new UnreadableImageException(
        "%d bytes that begin with %s are neither a JPEG (FF D8 FF) nor a PNG (89 50 4E 47)%s"
            .formatted(encoded.length, firstBytes(encoded), guess(encoded)));
  }

  private static String firstBytes(byte[] encoded) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(4, encoded.length); i++) {
      text.append(i == 0 ? "" : " ").append("%02X".formatted(encoded[i]));
    }
    return text.toString();
  }

  private static String guess(byte[] encoded) {
    String name =
        startsWith(encoded, 0, "GIF8")
            ? "a GIF"
            : startsWith(encoded, 0, "RIFF") && startsWith(encoded, 8, "WEBP")
                ? "a WebP"
                : startsWith(encoded, 0, "BM")
                    ? "a BMP"
                    : startsWith(encoded, 0, "II*") || startsWith(encoded, 0, "MM\0*")
                        ? "a TIFF"
                        : startsWith(encoded, 4, "ftyp") ? "a HEIF or AVIF" : "";
    return name.isEmpty() ? "" : "; it looks like " + name + ": convert it to JPEG or PNG";
  }

  static boolean startsWith(byte[] bytes, int at, String ascii) {
    if (bytes.length < at + ascii.length()) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[at + i] != (byte) ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
