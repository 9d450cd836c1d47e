package spikemlp.inference.engine;

/** Who waits for an answer; asked now and then, by the thread that waits, whether it still does. */
@FunctionalInterface
public interface Caller {

  /** A caller that stays to the end. */
  Caller STAYS = () -> false;

  /** Whether the caller has gone away. */
  boolean gone();

  /**
   * Goes on only for a caller that waits.
   *
   * @throws CallerGoneException if it has gone away
   */
  default void requireThere() {
    if (gone()) {
      throw new CallerGoneException();
    }
  }
}
