package spikemlp.kernel;

/**
 * What flows into neurons, {@code [B, T, M]}, or {@code [B, M]} that is the same at every step.
 *
 * @param values the numbers
 * @param everyStep whether there is a value for every step
 */
public record Current(Tensor values, boolean everyStep) {

  /** Where step {@code t} of a sample begins. */
  long offset(long sample, int t, int timeSteps, int neurons) {
    return (everyStep ? sample * timeSteps + t : sample) * neurons;
  }
}
