package spikemlp.benchmark.train;

/**
 * How long one measures.
 *
 * @param rounds per worker
 * @param roundMilliseconds about how long a round takes
 * @param warmUp steps before the first round
 * @param tuning steps for each of the peer's settings, the first of which does not count
 */
record Effort(int rounds, int roundMilliseconds, int warmUp, int tuning) {

  static final Effort FULL = new Effort(7, 3000, 20, 4);
  static final Effort QUICK = new Effort(3, 300, 10, 3);

  /** Steps that take about a round. */
  int steps(double millisecondsEach) {
    return (int) Math.clamp(Math.round(roundMilliseconds / millisecondsEach), 1, 20);
  }
}
