package spikemlp.benchmark.train;

/** A worker could not do what it was asked, or its process is gone; the message says which. */
final class WorkerException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  WorkerException(String message) {
    super(message);
  }

  WorkerException(String message, Throwable cause) {
    super(message, cause);
  }
}
