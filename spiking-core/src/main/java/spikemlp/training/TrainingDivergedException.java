package spikemlp.training;

/**
 * Training cannot go on from here: a loss that is no number or far beyond that of guessing, or
 * weights that are no numbers.
 */
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param what what is beyond all bounds, as the end of a clause
   * @param batch the batch that showed it, counted from 0 over all epochs
   * @param loss that batch's, or the mean of the epoch that it ended
   */
  TrainingDivergedException(String what, long batch, double loss, double learningRate) {
    super(
        "training diverged: %s (batch %d, loss %.4g, learning rate %s); a lower learningRate would be right (0.1 suits most networks, 0.001 by AdamW)"
            .formatted(what, batch, loss, learningRate));
  }
}
