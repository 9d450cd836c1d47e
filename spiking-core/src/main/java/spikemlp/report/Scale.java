package spikemlp.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The linear map that takes {@code [least, most]} to {@code [from, to]} of a drawing.
 *
 * @param from the coordinate of {@code least}; may be larger than {@code to}, as y grows downward
 */
record Scale(double least, double most, double from, double to) {

  Scale {
    if (!(least < most) || !Double.isFinite(most - least)) {
      throw new IllegalArgumentException(
          "a scale goes from a number to a larger one, not from " + least + " to " + most);
    }
  }

  double at(double value) {
    return from + (value - least) / (most - least) * (to - from);
  }

  /** Round numbers in [least, most], 1, 2 or 5 times a power of ten apart: about {@code wanted}. */
  List<Double> ticks(int wanted) {
    return multiples(step(wanted));
  }

  /** The same, whole numbers alone. */
  List<Double> wholeTicks(int wanted) {
    return multiples(Math.max(1, step(wanted)));
  }

  private double step(int wanted) {
    double rough = (most - least) / Math.max(1, wanted);
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
  }

  private List<Double> multiples(double step) {
    List<Double> ticks = new ArrayList<>();
    for (int k = (int) Math.ceil(least / step - 1e-9); k * step <= most + step * 1e-9; k++) {
      ticks.add(k * step);
    }
    return List.copyOf(ticks);
  }
}
