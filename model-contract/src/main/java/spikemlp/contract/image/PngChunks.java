package spikemlp.contract.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import spikemlp.contract.image.PictureHeader.Colour;
import spikemlp.contract.image.PictureHeader.Format;

/** Reads a PNG's header and checks its chunks (W3C PNG specification, section 5). */
final class PngChunks {

  private static final long SIGNATURE = 0x89504E470D0A1A0AL;

  /** Length, type and checksum of a chunk. */
  private static final int OVERHEAD = 12;

  private PngChunks() {}

  static boolean isPng(byte[] bytes) {
    return bytes.length >= 8 && ByteBuffer.wrap(bytes).getLong() == SIGNATURE;
  }

  static PictureHeader read(byte[] bytes) {
    if (bytes.length < 8 + OVERHEAD + 13 || !PictureHeader.startsWith(bytes, 12, "IHDR")) {
      throw new UnreadableImageException(
          "the PNG of " + bytes.length + " bytes has no header chunk (IHDR); send the whole file");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes, 16, 13);
    int width = header.getInt();
    int height = header.getInt();
    if (width < 1 || height < 1) {
      throw new UnreadableImageException(
          "the PNG says that it is %s×%s (height×width) pixels"
              .formatted(Integer.toUnsignedString(height), Integer.toUnsignedString(width)));
    }
    return new PictureHeader(Format.PNG, height, width, Colour.RGB, 1);
  }

  /** Checks that every chunk is there to the last and that the needed ones have their checksum. */
  static void requireSound(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int at = 8;
    while (at <= bytes.length - OVERHEAD) {
      int length = buffer.getInt(at);
      if (length < 0 || length > bytes.length - OVERHEAD - at) {
        break;
      }
      String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
      if (Character.isUpperCase(type.charAt(0))) {
        CRC32 crc = new CRC32();
        crc.update(bytes, at + 4, length + 4);
        if ((int) crc.getValue() != buffer.getInt(at + 8 + length)) {
          throw new UnreadableImageException(
              "the PNG is corrupt: the checksum of its chunk %s at byte %d does not match"
                  .formatted(type, at));
        }
      }
      if (type.equals("IEND")) {
        return;
      }
      at += OVERHEAD + length;
    }
    throw new UnreadableImageException(
        "the PNG of %d bytes is cut off: it has no end chunk (IEND); send the whole file"
            .formatted(bytes.length));
  }
}
