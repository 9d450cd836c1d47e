package spikemlp.contract.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import spikemlp.contract.image.PictureHeader.Colour;
import spikemlp.contract.image.PictureHeader.Format;

/** Reads a JPEG's marker segments up to its first scan (ITU-T T.81, annex B). */
final class JpegMarkers {

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int ORIENTATION_TAG = 0x0112;
  private static final int NO_ADOBE_MARKER = -1;

  private final byte[] bytes;
  private int height;
  private int width;
  private int components;
  private boolean namedRgb;
  private boolean jfif;
  private int adobeTransform = NO_ADOBE_MARKER;
  private int orientation = 1;

  private JpegMarkers(byte[] bytes) {
    this.bytes = bytes;
  }

  static boolean isJpeg(byte[] bytes) {
    return bytes.length >= 3
        && (bytes[0] & 0xFF) == 0xFF
        && (bytes[1] & 0xFF) == SOI
        && (bytes[2] & 0xFF) == 0xFF;
  }

  static PictureHeader read(byte[] bytes) {
    JpegMarkers markers = new JpegMarkers(bytes);
    markers.toFirstScan();
    boolean turned = markers.orientation >= 5;
    return new PictureHeader(
        Format.JPEG,
        turned ? markers.width : markers.height,
        turned ? markers.height : markers.width,
        markers.colour(),
        markers.orientation);
  }

  /**
   * Checks that the end marker follows the first scan: inside a scan 0xFF is always stuffed, so
   * that FF D9 there is the end, and a file without it was cut off.
   */
  static void requireEnd(byte[] bytes) {
    int scan = new JpegMarkers(bytes).toFirstScan();
    for (int i = bytes.length - 1; i > scan; i--) {
      if ((bytes[i] & 0xFF) == EOI && (bytes[i - 1] & 0xFF) == 0xFF) {
        return;
      }
    }
    throw truncated(bytes, "it has no end marker (FF D9)");
  }

  static UnreadableImageException truncated(byte[] bytes, String reason) {
    return new UnreadableImageException(
        "the JPEG of %d bytes is cut off: %s; send the whole file".formatted(bytes.length, reason));
  }

  /** Returns the offset of the first scan's marker. */
  private int toFirstScan() {
    int at = 2;
    while (true) {
      while (at < bytes.length && u8(at) != 0xFF) {
        at++;
      }
      while (at < bytes.length && u8(at) == 0xFF) {
        at++;
      }
      if (at + 2 >= bytes.length) {
        throw truncated(bytes, "it ends before its first scan");
      }
      int marker = u8(at);
      if (marker == 0 || marker == 0x01 || (marker >= 0xD0 && marker <= SOI)) {
        at++;
        continue;
      }
      if (marker == EOI) {
        throw new UnreadableImageException("the JPEG ends before its first scan: it has no pixels");
      }
      int length = u16(at + 1);
      int start = at + 3;
      int end = at + 1 + length;
      if (length < 2 || end > bytes.length) {
        throw truncated(
            bytes, "the segment FF %02X at byte %d goes on past the end".formatted(marker, at));
      }
      if (marker == SOS) {
        if (components == 0) {
          throw new UnreadableImageException("the JPEG has a scan but no frame header before it");
        }
        return at;
      }
      segment(marker, start, end);
      at = end;
    }
  }

  private void segment(int marker, int start, int end) {
    if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
      frame(marker, start, end);
    } else if (marker == APP0
        && end - start >= 5
        && PictureHeader.startsWith(bytes, start, "JFIF\0")) {
      jfif = true;
    } else if (marker == APP1
        && end - start >= 14
        && PictureHeader.startsWith(bytes, start, "Exif\0\0")) {
      orientation = orientation(ByteBuffer.wrap(bytes, start + 6, end - start - 6).slice());
    } else if (marker == APP14
        && end - start >= 12
        && PictureHeader.startsWith(bytes, start, "Adobe")) {
      adobeTransform = u8(start + 11);
    }
  }

  private void frame(int marker, int start, int end) {
    if (end - start < 6 || end - start < 6 + 3 * u8(start + 5)) {
      throw new UnreadableImageException("the JPEG's frame header is too short");
    }
    if (marker > 0xC2) {
      throw new UnreadableImageException(
          "the JPEG is of a kind that is not read (lossless, hierarchical or arithmetic coding,"
              + " FF %02X); save it as a baseline or progressive JPEG, or as a PNG"
                  .formatted(marker));
    }
    if (u8(start) != 8) {
      throw new UnreadableImageException(
          "the JPEG has %d bits a sample; only 8 are read".formatted(u8(start)));
    }
    height = u16(start + 1);
    width = u16(start + 3);
    components = u8(start + 5);
    if (height == 0 || width == 0) {
      throw new UnreadableImageException(
          "the JPEG says that it is %d×%d (height×width) pixels".formatted(height, width));
    }
    if (components != 1 && components != 3 && components != 4) {
      throw new UnreadableImageException(
          "the JPEG has %d channels; 1 (grey), 3 (colour) and 4 (CMYK) are read"
              .formatted(components));
    }
    namedRgb =
        components == 3 && u8(start + 6) == 'R' && u8(start + 9) == 'G' && u8(start + 12) == 'B';
  }

  /** The rules of libjpeg: JFIF says YCbCr, else Adobe's marker decides, else the channels' ids. */
  private Colour colour() {
    return switch (components) {
      case 1 -> Colour.GREY;
      case 3 -> {
        boolean rgb =
            !jfif && (adobeTransform == 0 || (adobeTransform == NO_ADOBE_MARKER && namedRgb));
        yield rgb ? Colour.RGB : Colour.YCBCR;
      }
      default -> adobeTransform == 2 ? Colour.YCCK : Colour.CMYK;
    };
  }

  /** The orientation in an EXIF block's first directory; 1 where it has none or makes no sense. */
  private static int orientation(ByteBuffer tiff) {
    tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    if (directory < 8 || directory > tiff.limit() - 2) {
      return 1;
    }
    int entries = tiff.getShort(directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      int entry = directory + 2 + 12 * i;
      if (entry > tiff.limit() - 12) {
        return 1;
      }
      if ((tiff.getShort(entry) & 0xFFFF) == ORIENTATION_TAG) {
        int value = tiff.getShort(entry + 8);
        return value >= 1 && value <= 8 ? value : 1;
      }
    }
    return 1;
  }

  private int u8(int at) {
    return bytes[at] & 0xFF;
  }

  private int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }
}
