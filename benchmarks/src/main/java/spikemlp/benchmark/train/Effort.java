package spikemlp.benchmark.train;

/**
 * How long one measures.
 *
 * @param rounds per worker
 * @param steps of a round, the least time of which counts: other tenants of the machine only ever
 *     add to a step. As many for the one worker as for the other
 * @param warmUp steps before the first round
 * @param tuning steps for each of the peer's settings, the first of which does not count
 */
record Effort(int rounds, int steps, int warmUp, int tuning) {

  static final Effort FULL = new Effort(7, 5, 20, 4);
  static final Effort QUICK = new Effort(3, 2, 10, 3);
}
