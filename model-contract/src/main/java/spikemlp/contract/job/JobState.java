package spikemlp.contract.job;

/** Where a training job stands. */
public enum JobState {
  QUEUED,
  RUNNING,
  STOPPING,
  STOPPED,
  COMPLETED,
  FAILED,
  /** A lease ran out and another worker takes over. */
  RECOVERING;

  /** Whether nothing more happens unless somebody asks for it. */
  public boolean ended() {
    return switch (this) {
      case STOPPED, COMPLETED, FAILED -> true;
      case QUEUED, RUNNING, STOPPING, RECOVERING -> false;
    };
  }
}
