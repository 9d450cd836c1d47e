package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;

/**
 * Whether a training gave the weights that it gave before.
 *
 * @param expectedWeightsSha256 the first training's
 * @param weightsSha256 this one's; null before it has ended
 * @param identical whether they are the same, bit for bit; null before it has ended
 */
public record Reproduction(
    String expectedWeightsSha256, @Nullable String weightsSha256, @Nullable Boolean identical) {

  /** The comparison, as far as it can be made. */
  public static Reproduction of(String expected, @Nullable String actual) {
    return new Reproduction(expected, actual, actual == null ? null : actual.equals(expected));
  }
}
