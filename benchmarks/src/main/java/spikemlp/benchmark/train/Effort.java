package spikemlp.benchmark.train;

/**
 * How long one measures.
 *
 * @param rounds of ours and the peer in turn. They are short and many, and each has its own ratio,
 *     so that a machine whose other tenants come and go slows both sides of it alike
 * @param scalingRounds of ours alone
 * @param steps of a round, for each worker, the least time of which counts
 * @param warmUp steps before the first round
 * @param tuning steps for each of the peer's settings, the first of which does not count
 */
record Effort(int rounds, int scalingRounds, int steps, int warmUp, int tuning) {

  static final Effort FULL = new Effort(25, 11, 2, 20, 4);
  static final Effort QUICK = new Effort(3, 3, 2, 10, 3);
}
