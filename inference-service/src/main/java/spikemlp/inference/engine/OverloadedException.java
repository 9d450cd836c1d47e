package spikemlp.inference.engine;

/** As many requests as may be in hand are in hand; the caller should come back later. */
public final class OverloadedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  OverloadedException(ServedVersion version, int places) {
    super(
        "every place is taken: at most "
            + places
            + " requests wait for or compute on model "
            + version.label()
            + "; try again later");
  }

  /** A bound other than a version's places, such as the memory of request bodies. */
  public OverloadedException(String message) {
    super(message);
  }
}
