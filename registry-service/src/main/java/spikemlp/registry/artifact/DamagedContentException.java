package spikemlp.registry.artifact;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A stored content cannot be handed out to its end; nothing damaged was handed out. */
final class DamagedContentException extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedContentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What is said of a damaged artifact. */
  static String advice(String sha256) {
    return "artifact "
        + sha256
        + " is damaged in the store and is not served; uploading the same content again repairs it";
  }
}
