package spikemlp.training;

/** The loss is no number, or far beyond that of guessing: training cannot go on from here. */
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TrainingDivergedException(long batch, double loss, double learningRate) {
    super(
        "training diverged: the loss of batch "
            + batch
            + " is "
            + loss
            + " at learning rate "
            + learningRate
            + "; a lower learningRate would be right (0.1 suits most networks)");
  }
}
