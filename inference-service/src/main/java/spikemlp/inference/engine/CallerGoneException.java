package spikemlp.inference.engine;

/** The caller went away before its answer was there; nobody reads one. */
public final class CallerGoneException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CallerGoneException() {
    super("the caller closed the connection before the answer was there");
  }
}
