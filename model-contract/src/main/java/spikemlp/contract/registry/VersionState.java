package spikemlp.contract.registry;

/** Where a model version stands. */
public enum VersionState {
  PENDING,
  READY,
  FAILED,
  ARCHIVED
}
