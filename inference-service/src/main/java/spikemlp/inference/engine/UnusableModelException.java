package spikemlp.inference.engine;

/** A model file that cannot be served: the message names the model, what is wrong and where. */
public final class UnusableModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnusableModelException(String model, String reason) {
    super("model " + model + " cannot be served: " + reason);
  }

  UnusableModelException(String model, String reason, Throwable cause) {
    super("model " + model + " cannot be served: " + reason, cause);
  }
}
