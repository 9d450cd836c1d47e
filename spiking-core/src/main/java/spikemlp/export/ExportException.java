package spikemlp.export;

import java.nio.file.Path;

/** A model file that cannot be written, read or run; the message names the file and the reason. */
public final class ExportException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ExportException(Path file, String reason, Throwable cause) {
    super(file + ": " + reason, cause);
  }
}
