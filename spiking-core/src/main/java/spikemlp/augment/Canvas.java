package spikemlp.augment;

/**
 * A picture being varied, {@code [H, W, 3]} bytes, and a second one of its size for operations that
 * cannot work in place. Mutable; used by one thread.
 */
final class Canvas {

  static final int CHANNELS = 3;

  private final int height;
  private final int width;
  private final int[] fill;
  private byte[] rgb;
  private byte[] spare;

  /**
   * A canvas of zeros.
   *
   * @param fill R, G, B from 0 to 255 of what a picture moved aside leaves behind
   */
  Canvas(int height, int width, int[] fill) {
    this.height = height;
    this.width = width;
    this.fill = fill.clone();
    this.rgb = new byte[CHANNELS * height * width];
    this.spare = new byte[rgb.length];
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  int fill(int channel) {
    return fill[channel];
  }

  /** The picture. */
  byte[] rgb() {
    return rgb;
  }

  /** Where an operation writes before {@link #swap}; holds anything. */
  byte[] spare() {
    return spare;
  }

  /** What was written to the spare becomes the picture. */
  void swap() {
    byte[] before = rgb;
    rgb = spare;
    spare = before;
  }

  /** Replaces the picture by one of the same size. */
  void replace(byte[] other) {
    System.arraycopy(other, 0, rgb, 0, rgb.length);
  }
}
