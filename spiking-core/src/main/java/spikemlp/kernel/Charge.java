package spikemlp.kernel;

import java.util.List;

/**
 * How a state z arises: z[t] = input[t] + skips[t], each normalised on its way where it says so. A
 * step of a sample is {@code tokens} rows of {@code width} numbers.
 *
 * @param timeSteps T
 * @param tokens N
 * @param width channels of the layer
 * @param input y
 * @param skips states that join, in this order
 */
public record Charge(int timeSteps, int tokens, int width, Current input, List<Current> skips) {

  public Charge {
    skips = List.copyOf(skips);
  }

  /** M, neurons a step. */
  public int neurons() {
    return tokens * width;
  }

  long at(long sample, int t) {
    return (sample * timeSteps + t) * neurons();
  }
}
