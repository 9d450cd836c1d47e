package spikemlp.contract.job;

/** What a job does. */
public enum JobKind {
  /** Trains a network, tests, exports and registers it. */
  TRAIN,
  /** Tests, exports and registers what an interrupted training had learnt at its checkpoint. */
  EXPORT,
  /** Trains once more what a completed job trained, and compares the weights. */
  REPRODUCE
}
