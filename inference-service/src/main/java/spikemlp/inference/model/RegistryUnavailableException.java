package spikemlp.inference.model;

/** The registry gave no usable answer, and nothing known can take its place. */
public final class RegistryUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RegistryUnavailableException(String what, String reason, Throwable cause) {
    super("the registry could not " + what + ": " + reason, cause);
  }

  RegistryUnavailableException(String what, String reason) {
    super("the registry could not " + what + ": " + reason);
  }
}
