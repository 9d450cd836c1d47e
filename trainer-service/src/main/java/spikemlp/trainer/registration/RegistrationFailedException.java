package spikemlp.trainer.registration;

/** A version could not be registered. The message says why, for the job's owner. */
public final class RegistrationFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RegistrationFailedException(String message, Throwable cause) {
    super(message, cause);
  }

  RegistrationFailedException(String message) {
    super(message);
  }
}
