package spikemlp.trainer.job;

/** The data set's content is no longer what the job began with. */
final class DataChangedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DataChangedException(String dataSet, String before, String now) {
    super(
        "the data set "
            + dataSet
            + " changed while the job was interrupted: its content hash was "
            + before
            + " and is now "
            + now
            + "; restore it, or submit a new job");
  }
}
