package spikemlp.contract.study;

/** Where a study, one of its cells or one of its runs stands. */
public enum StudyState {
  /** For the cell that it inherits from. */
  WAITING,
  QUEUED,
  RUNNING,
  STOPPING,
  STOPPED,
  COMPLETED,
  /** A run's job failed, or one of a cell's runs did; a study never fails as a whole. */
  FAILED;

  /** Whether nothing more happens. */
  public boolean ended() {
    return switch (this) {
      case STOPPED, COMPLETED, FAILED -> true;
      case WAITING, QUEUED, RUNNING, STOPPING -> false;
    };
  }
}
