package spikemlp.trainer.registration;

/** The registry refused or did not answer. The message says why, for the job's owner. */
public final class RegistryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RegistryException(String message, Throwable cause) {
    super(message, cause);
  }

  RegistryException(String message) {
    super(message);
  }
}
