package spikemlp.contract.image;

import java.nio.FloatBuffer;
import java.util.Objects;
import spikemlp.contract.image.Resampling.Span;

/**
 * From an encoded picture to a network's input: decoded (see {@link Picture#decode(byte[])}),
 * resized to height×width, then per channel (x / 255 − mean) / std. Training and serving both call
 * this, and every step is in integers or in one table, so that the same bytes give the same input
 * bit for bit. A picture that already has the input's size is not touched by resizing.
 *
 * <p>Immutable and thread-safe.
 */
public final class ImagePreparation {

  private static final int CHANNELS = 3;

  private final InputSpec spec;
  private final long maxPixels;
  private final float[][] normalised = new float[CHANNELS][256];

  /** A preparation that reads pictures of at most {@link Picture#DEFAULT_MAX_PIXELS}. */
  public ImagePreparation(InputSpec spec) {
    this(spec, Picture.DEFAULT_MAX_PIXELS);
  }

  /**
   * A preparation that refuses larger pictures before decoding them.
   *
   * @param maxPixels the most height·width an encoded picture may have
   */
  public ImagePreparation(InputSpec spec, long maxPixels) {
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels must be 1 or more, not " + maxPixels);
    }
    this.spec = spec;
    this.maxPixels = maxPixels;
    for (int c = 0; c < CHANNELS; c++) {
      for (int value = 0; value < 256; value++) {
        normalised[c][value] = (float) ((value / 255.0 - spec.mean().get(c)) / spec.std().get(c));
      }
    }
  }

  public InputSpec spec() {
    return spec;
  }

  /** Values of a prepared picture, 3·H·W. */
  public int length() {
    return CHANNELS * spec.height() * spec.width();
  }

  /**
   * Decodes and resizes.
   *
   * @param encoded a JPEG or PNG
   * @return {@code [H, W, 3]} bytes
   * @throws UnreadableImageException saying what is wrong with the picture
   */
  public byte[] pixels(byte[] encoded) {
    return pixels(Picture.decode(encoded, maxPixels));
  }

  /** Resizes a decoded picture to {@code [H, W, 3]} bytes of its own. */
  public byte[] pixels(Picture picture) {
    int h = picture.height();
    int w = picture.width();
    Span rows = new Span(0, h);
    Span columns = new Span(0, w);
    if (spec.fit() == InputSpec.Fit.COVER) {
      long wide = (long) w * spec.height();
      long high = (long) h * spec.width();
      if (wide > high) {
        columns = centred(w, (double) high / spec.height());
      } else if (wide < high) {
        rows = centred(h, (double) wide / spec.width());
      }
    }
    return Resampling.resize(picture, rows, columns, spec.height(), spec.width());
  }

  /**
   * Resizes a part of a decoded picture, cut out first: no pixel outside of it is seen.
   *
   * @param top its first row
   * @param left its first column
   * @param rows its height, within the picture
   * @param columns its width, within the picture
   * @return {@code [H, W, 3]} bytes of its own
   */
  public byte[] part(Picture picture, int top, int left, int rows, int columns) {
    Objects.checkFromIndexSize(top, rows, picture.height());
    Objects.checkFromIndexSize(left, columns, picture.width());
    byte[] rgb = new byte[CHANNELS * rows * columns];
    int length = CHANNELS * columns;
    for (int y = 0; y < rows; y++) {
      int from = CHANNELS * ((top + y) * picture.width() + left);
      System.arraycopy(picture.rgb(), from, rgb, y * length, length);
    }
    return Resampling.resize(
        new Picture(rows, columns, rgb),
        new Span(0, rows),
        new Span(0, columns),
        spec.height(),
        spec.width());
  }

  private static Span centred(int size, double shown) {
    double from = (size - shown) / 2;
    return new Span(from, from + shown);
  }

  /**
   * Normalises one prepared picture.
   *
   * @param rgb holds {@code [H, W, 3]} bytes from {@code rgbOffset} on
   * @param chw receives {@code [3, H, W]} from {@code offset} on
   */
  public void normalise(byte[] rgb, int rgbOffset, float[] chw, int offset) {
    int plane = spec.height() * spec.width();
    for (int c = 0; c < CHANNELS; c++) {
      float[] table = normalised[c];
      for (int i = 0; i < plane; i++) {
        chw[offset + c * plane + i] = table[rgb[rgbOffset + CHANNELS * i + c] & 0xFF];
      }
    }
  }

  /**
   * Normalises one prepared picture into a buffer of any kind.
   *
   * @param rgb {@code [H, W, 3]}
   * @param chw receives {@code [3, H, W]} from index {@code offset} on; its position stays
   */
  public void normalise(byte[] rgb, FloatBuffer chw, int offset) {
    int plane = spec.height() * spec.width();
    for (int c = 0; c < CHANNELS; c++) {
      float[] table = normalised[c];
      int at = offset + c * plane;
      for (int i = 0; i < plane; i++) {
        chw.put(at + i, table[rgb[CHANNELS * i + c] & 0xFF]);
      }
    }
  }

  /**
   * All of it: an encoded picture to {@code [3, H, W]} normalised floats.
   *
   * @throws UnreadableImageException saying what is wrong with the picture
   */
  public float[] prepare(byte[] encoded) {
    float[] chw = new float[length()];
    normalise(pixels(encoded), 0, chw, 0);
    return chw;
  }
}
