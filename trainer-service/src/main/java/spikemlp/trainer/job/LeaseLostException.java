package spikemlp.trainer.job;

/** A worker's lease of a job ran out and the job is another's: what the worker did is void. */
final class LeaseLostException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LeaseLostException(String job) {
    super("the lease of job " + job + " ran out; another worker has taken it over");
  }
}
