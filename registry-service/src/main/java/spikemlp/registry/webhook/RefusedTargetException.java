package spikemlp.registry.webhook;

/** A webhook's URL is not delivered to; the message says why and follows the word URL. */
final class RefusedTargetException extends Exception {

  private static final long serialVersionUID = 1L;

  RefusedTargetException(String message) {
    super(message);
  }
}
