package spikemlp.registry.artifact;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a full disk from other failures of writing. */
final class DiskSpace {

  /** With less than this left, whatever failed did so for want of space. */
  private static final long NOTHING_LEFT_BYTES = 1 << 20;

  private DiskSpace() {}

  /**
   * Whether {@code failure} says that the disk, or the user's share of it, is full. The system's
   * words are known in English alone; in another language the space left decides.
   */
  static boolean ranOut(IOException failure, Path directory) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return true;
    }
    try {
      return Files.getFileStore(directory).getUsableSpace() < NOTHING_LEFT_BYTES;
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }
}
