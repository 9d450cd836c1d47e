package spikemlp.postgres;

import org.jspecify.annotations.Nullable;

/** PostgreSQL cannot be started or used; the message says what is wrong, where, what to do. */
public final class PostgresException extends RuntimeException {

  PostgresException(String message) {
    this(message, null);
  }

  PostgresException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
