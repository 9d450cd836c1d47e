package spikemlp.contract.image;

/** Turns and mirrors a picture as its EXIF orientation says (EXIF 2.3, tag 0x0112). */
final class Orientation {

  private Orientation() {}

  /** The picture upright; {@code orientation} 1 is upright already. */
  static Picture upright(Picture stored, int orientation) {
    if (orientation == 1) {
      return stored;
    }
    int h = stored.height();
    int w = stored.width();
    int height = orientation >= 5 ? w : h;
    int width = orientation >= 5 ? h : w;
    byte[] rgb = new byte[stored.rgb().length];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        int from =
            switch (orientation) {
              case 2 -> y * w + (w - 1 - x);
              case 3 -> (h - 1 - y) * w + (w - 1 - x);
              case 4 -> (h - 1 - y) * w + x;
              case 5 -> x * w + y;
              case 6 -> (h - 1 - x) * w + y;
              case 7 -> (h - 1 - x) * w + (w - 1 - y);
              case 8 -> x * w + (w - 1 - y);
              default ->
                  throw new IllegalArgumentException(
                      "an orientation is 1 to 8, not " + orientation);
            };
        System.arraycopy(stored.rgb(), 3 * from, rgb, at, 3);
      }
    }
    return new Picture(height, width, rgb);
  }
}
