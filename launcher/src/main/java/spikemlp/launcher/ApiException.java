package spikemlp.launcher;

import org.jspecify.annotations.Nullable;

/** The platform refused a request, or did not answer; says which and why. */
final class ApiException extends LauncherException {

  private static final long serialVersionUID = 1L;

  private final int status;

  ApiException(int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** The response's status, or 0 if there was none. */
  int status() {
    return status;
  }
}
