package spikemlp.data;

/**
 * The SplitMix64 generator (Steele, Lea and Flood 2014): the same numbers from the same seed on
 * every Java runtime. Not thread-safe.
 */
final class SplitMix {

  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix(long seed) {
    state = seed;
  }

  /** A generator for one part of something seeded: another part, other numbers. */
  static SplitMix of(long seed, long stream, long index) {
    return new SplitMix(mixed(mixed(mixed(seed + GAMMA) ^ stream) + GAMMA * index));
  }

  long nextLong() {
    state += GAMMA;
    return mixed(state);
  }

  private static long mixed(long z) {
    long y = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    y = (y ^ (y >>> 27)) * 0x94D049BB133111EBL;
    return y ^ (y >>> 31);
  }

  /** In [0, bound). */
  int nextInt(int bound) {
    return (int) (((nextLong() >>> 33) * bound) >>> 31);
  }

  /** In [0, 1). */
  double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** In [low, high). */
  double between(double low, double high) {
    return low + (high - low) * nextDouble();
  }

  /** In (−most, most). */
  double around(double most) {
    return between(-most, most);
  }

  /** Nearly normal, mean 0, deviation 1: the sum of four uniform numbers, scaled. */
  double nextBell() {
    return (nextDouble() + nextDouble() + nextDouble() + nextDouble() - 2) * 1.7320508075688772;
  }
}
