package spikemlp.data;

import java.util.ArrayList;
import java.util.List;

/**
 * Mean and standard deviation of each colour channel, of values in [0, 1].
 *
 * @param mean of R, G, B
 * @param std of R, G, B; at least {@link #LEAST_STD}, so that one can divide by it
 */
public record ChannelStatistics(List<Double> mean, List<Double> std) {

  /** The deviation given to a channel that hardly varies: one step of a byte. */
  public static final double LEAST_STD = 1.0 / 255;

  public ChannelStatistics {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** Over every pixel of every picture; summed in whole numbers, so that order does not matter. */
  static ChannelStatistics of(ImageDataSet images) {
    if (images.size() == 0) {
      throw new IllegalArgumentException("no picture, so no mean and no standard deviation");
    }
    long[] sum = new long[3];
    long[] squares = new long[3];
    byte[] rgb = new byte[3 * images.height() * images.width()];
    for (int i = 0; i < images.size(); i++) {
      images.pixels(i, rgb, 0);
      for (int at = 0; at < rgb.length; at += 3) {
        for (int c = 0; c < 3; c++) {
          int value = rgb[at + c] & 0xFF;
          sum[c] += value;
          squares[c] += (long) value * value;
        }
      }
    }
    double count = (double) images.size() * images.height() * images.width();
    List<Double> mean = new ArrayList<>();
    List<Double> std = new ArrayList<>();
    for (int c = 0; c < 3; c++) {
      double average = sum[c] / count;
      double variance = Math.max(0, squares[c] / count - average * average);
      mean.add(average / 255);
      std.add(Math.max(LEAST_STD, Math.sqrt(variance) / 255));
    }
    return new ChannelStatistics(mean, std);
  }
}
