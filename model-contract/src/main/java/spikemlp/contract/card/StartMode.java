package spikemlp.contract.card;

/** What a training job takes over from the version that it starts from. */
public enum StartMode {
  /**
   * Every weight and running statistic, for the same classes: time-inheritance training where T
   * differs, training on where it does not.
   */
  INHERIT,
  /** Every weight and running statistic but the classifier's, which is new for other classes. */
  FINE_TUNE
}
