package spikemlp.contract.image;

/** Bytes that are no usable picture. The message says what is wrong and what would be right. */
public final class UnreadableImageException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public UnreadableImageException(String message) {
    super(message);
  }

  public UnreadableImageException(String message, Throwable cause) {
    super(message, cause);
  }
}
