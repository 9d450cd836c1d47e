package spikemlp.inference.model;

/** The registry knows no version that a reference could mean; carries its answer. */
public final class UnresolvedModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  UnresolvedModelException(int status, String code, String detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }

  /** The HTTP status of the registry's answer: 404, or 409 for a version that is not READY. */
  public int status() {
    return status;
  }

  /** The registry's stable code, such as {@code model-not-found}. */
  public String code() {
    return code;
  }
}
