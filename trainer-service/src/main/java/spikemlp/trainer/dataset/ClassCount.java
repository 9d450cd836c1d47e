package spikemlp.trainer.dataset;

/**
 * How many pictures of a class there are.
 *
 * @param train to learn from
 * @param test held out
 */
record ClassCount(String label, int train, int test) {}
