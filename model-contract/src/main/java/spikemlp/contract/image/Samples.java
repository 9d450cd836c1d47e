package spikemlp.contract.image;

import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import spikemlp.contract.image.PictureHeader.Colour;

/** Turns a decoder's samples into RGB bytes, in integers, a row at a time. */
final class Samples {

  /** 1.402, 1.772, 0.344136 and 0.714136 of BT.601 in 16 bits after the point, as in libjpeg. */
  private static final int CR_R = 91881;

  private static final int CB_B = 116130;
  private static final int CB_G = 22554;
  private static final int CR_G = 46802;
  private static final int HALF = 1 << 15;

  private Samples() {}

  /** A JPEG's raster, 8 bits a sample. */
  static byte[] rgb(Raster raster, Colour colour) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] rgb = new byte[3 * height * width];
    byte[] row = new byte[bands * width];
    for (int y = 0; y < height; y++) {
      raster.getDataElements(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      int at = 3 * y * width;
      for (int x = 0; x < width; x++, at += 3) {
        pixel(row, bands * x, colour, rgb, at);
      }
    }
    return rgb;
  }

  private static void pixel(byte[] in, int i, Colour colour, byte[] rgb, int at) {
    switch (colour) {
      case GREY -> {
        rgb[at] = in[i];
        rgb[at + 1] = in[i];
        rgb[at + 2] = in[i];
      }
      case RGB -> System.arraycopy(in, i, rgb, at, 3);
      case YCBCR -> fromYcbcr(in, i, rgb, at);
      case CMYK -> {
        for (int c = 0; c < 3; c++) {
          rgb[at + c] = (byte) scaled(in[i + c] & 0xFF, in[i + 3] & 0xFF);
        }
      }
      case YCCK -> {
        fromYcbcr(in, i, rgb, at);
        for (int c = 0; c < 3; c++) {
          rgb[at + c] = (byte) scaled(255 - (rgb[at + c] & 0xFF), in[i + 3] & 0xFF);
        }
      }
    }
  }

  private static void fromYcbcr(byte[] in, int i, byte[] rgb, int at) {
    int y = in[i] & 0xFF;
    int cb = (in[i + 1] & 0xFF) - 128;
    int cr = (in[i + 2] & 0xFF) - 128;
    rgb[at] = clamped(y + ((CR_R * cr + HALF) >> 16));
    rgb[at + 1] = clamped(y + ((-CB_G * cb - CR_G * cr + HALF) >> 16));
    rgb[at + 2] = clamped(y + ((CB_B * cb + HALF) >> 16));
  }

  private static byte clamped(int value) {
    return (byte) Math.clamp(value, 0, 255);
  }

  private static int scaled(int value, int by) {
    return (value * by + 127) / 255;
  }

  /** A PNG's raster of indices, with its palette. */
  static byte[] palette(Raster raster, IndexColorModel palette) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * height * width];
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      raster.getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++, at += 3) {
        int argb = palette.getRGB(row[x]);
        int alpha = argb >>> 24;
        rgb[at] = over((argb >> 16) & 0xFF, alpha);
        rgb[at + 1] = over((argb >> 8) & 0xFF, alpha);
        rgb[at + 2] = over(argb & 0xFF, alpha);
      }
    }
    return rgb;
  }

  /** A PNG's raster of 1 to 4 bands: grey, grey and alpha, RGB, RGB and alpha; 8 or 16 bits. */
  static byte[] onWhite(Raster raster) {
    int height = raster.getHeight();
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int colours = bands >= 3 ? 3 : 1;
    boolean wide = raster.getSampleModel().getSampleSize(0) == 16;
    byte[] rgb = new byte[3 * height * width];
    int[] row = new int[bands * width];
    for (int y = 0, at = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int alpha = bands == colours ? 255 : eight(row[bands * x + colours], wide);
        for (int c = 0; c < 3; c++) {
          rgb[at++] = over(eight(row[bands * x + Math.min(c, colours - 1)], wide), alpha);
        }
      }
    }
    return rgb;
  }

  private static int eight(int sample, boolean wide) {
    return wide ? (sample + 128) / 257 : sample;
  }

  private static byte over(int value, int alpha) {
    return (byte) (scaled(value, alpha) + 255 - alpha);
  }
}
