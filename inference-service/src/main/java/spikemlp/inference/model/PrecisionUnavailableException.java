package spikemlp.inference.model;

/** A request wants a precision that the version has no model file of. */
public final class PrecisionUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PrecisionUnavailableException(String message) {
    super(message);
  }
}
