package spikemlp.kernel;

import java.util.Optional;

/**
 * What flows into neurons, {@code [B, T, M]}, or {@code [B, M]} that is the same at every step: the
 * values as they are, or normalised on their way.
 *
 * @param values the numbers
 * @param everyStep whether there is a value for every step
 * @param affine the normalisation, where they are not taken as they are
 */
public record Current(Tensor values, boolean everyStep, Optional<Affine> affine) {

  /** Values as they are. */
  public static Current plain(Tensor values, boolean everyStep) {
    return new Current(values, everyStep, Optional.empty());
  }

  /** Values of every step, normalised. */
  public static Current normalised(Tensor values, Affine affine) {
    return new Current(values, true, Optional.of(affine));
  }

  /** Where step {@code t} of a sample begins. */
  long offset(long sample, int t, int timeSteps, int neurons) {
    return (everyStep ? sample * timeSteps + t : sample) * neurons;
  }
}
