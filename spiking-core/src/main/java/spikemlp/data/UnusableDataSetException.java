package spikemlp.data;

/**
 * A data set that cannot be trained on. The message names the path, what is wrong with it and what
 * would be right.
 */
public final class UnusableDataSetException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public UnusableDataSetException(String message) {
    super(message);
  }

  public UnusableDataSetException(String message, Throwable cause) {
    super(message, cause);
  }
}
