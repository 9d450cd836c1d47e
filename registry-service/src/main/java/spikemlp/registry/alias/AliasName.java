package spikemlp.registry.alias;

import spikemlp.contract.registry.ModelReference;

/** What an alias may be called. */
final class AliasName {

  private static final int SHOWN = 80;

  private AliasName() {}

  /**
   * Refuses what is no alias's name.
   *
   * @throws IllegalArgumentException saying what one is
   */
  static void check(String alias) {
    if (!ModelReference.isName(alias)) {
      throw new IllegalArgumentException(
          "'"
              + (alias.length() <= SHOWN ? alias : alias.substring(0, SHOWN) + "…")
              + "' names no alias; one is 1 to 64 of a-z, 0-9, '.', '_', '-' and begins with a"
              + " letter or digit");
    }
  }
}
