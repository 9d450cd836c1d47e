package spikemlp.inference.engine;

/** As many requests as may be in hand are in hand; the caller should come back later. */
public final class OverloadedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  OverloadedException(int computing, int waiting) {
    super(
        "every place is taken: "
            + computing
            + " requests may compute and "
            + waiting
            + " may wait; try again later");
  }
}
