package spikemlp.data;

import java.util.concurrent.CancellationException;

/**
 * Asked between the units of long work, an image or a batch, whether the work shall be given up.
 * May be asked from several threads.
 */
@FunctionalInterface
public interface StopRequest {

  /** Lets every work end. */
  StopRequest NEVER = () -> false;

  /** Whether somebody asked. */
  boolean asked();

  /**
   * Gives the work up if somebody asked.
   *
   * @throws CancellationException then
   */
  default void check() {
    if (asked()) {
      throw new CancellationException("the work was asked to stop");
    }
  }
}
