package spikemlp.contract.image;

import java.util.List;

/**
 * How a picture becomes a network's input: resized to height×width, scaled to [0, 1], then (x −
 * mean) / std per colour channel.
 *
 * @param height rows
 * @param width columns
 * @param fit how a picture of another size or shape is brought to height×width
 * @param mean per channel R, G, B, of values in [0, 1]
 * @param std per channel R, G, B, positive
 */
public record InputSpec(int height, int width, Fit fit, List<Double> mean, List<Double> std) {

  /** How a picture of another shape is fitted. */
  public enum Fit {
    /** Scale so that the picture covers the input, then take the centre. */
    COVER,
    /** Scale both sides independently; the whole picture stays visible. */
    STRETCH
  }

  public InputSpec {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "an input has at least one row and column, not " + height + "×" + width);
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3) {
      throw new IllegalArgumentException(
          "mean and std have one value per channel R, G, B, not "
              + mean.size()
              + " and "
              + std.size());
    }
    for (double value : mean) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "mean must be a finite number in every channel, not " + mean);
      }
    }
    for (double value : std) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException("std must be positive in every channel, not " + std);
      }
    }
  }

  /** Pixels as values in [0, 1]: mean 0 and std 1. */
  public static InputSpec unnormalised(int height, int width, Fit fit) {
    return new InputSpec(height, width, fit, List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
  }
}
