package spikemlp.launcher;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is the one line that the user sees. */
class LauncherException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LauncherException(String message) {
    this(message, null);
  }

  LauncherException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
