package spikemlp.kernel;

import java.util.List;

/**
 * How a state z arises: z[t] = scale·y[t] + shift + skips[t], batch normalisation folded into scale
 * and shift.
 *
 * @param timeSteps T
 * @param neurons M, neurons a sample
 * @param input y
 * @param scale factors by position, {@code [period]}
 * @param shift summands by position, {@code [period]}
 * @param period after how many neurons scale and shift repeat; divides M
 * @param skips states that join, in this order
 */
public record Charge(
    int timeSteps,
    int neurons,
    Current input,
    Tensor scale,
    Tensor shift,
    int period,
    List<Current> skips) {

  public Charge {
    skips = List.copyOf(skips);
    if (period < 1 || neurons % period != 0) {
      throw new IllegalArgumentException(
          "a period of " + period + " does not divide " + neurons + " neurons");
    }
  }
}
