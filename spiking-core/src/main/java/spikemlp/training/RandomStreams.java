package spikemlp.training;

import java.util.SplittableRandom;

/**
 * Named streams of random numbers: the same seed, purpose and numbers give the same stream,
 * whatever was drawn before, so that a run resumes anywhere.
 */
final class RandomStreams {

  private RandomStreams() {}

  static SplittableRandom of(long seed, String purpose, long... numbers) {
    long hash = mix(seed);
    for (int i = 0; i < purpose.length(); i++) {
      hash = mix(hash ^ purpose.charAt(i));
    }
    for (long number : numbers) {
      hash = mix(hash ^ number);
    }
    return new SplittableRandom(hash);
  }

  /** The finaliser of SplitMix64. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
