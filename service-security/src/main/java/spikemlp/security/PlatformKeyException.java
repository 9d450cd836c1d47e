package spikemlp.security;

import org.jspecify.annotations.Nullable;

/** The platform's signing key cannot be had; the message says what is wrong and what to do. */
public final class PlatformKeyException extends RuntimeException {

  PlatformKeyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
