package spikemlp.training;

/**
 * The learning rate over a run: lr[i] = lr/2·(1 + cos(π·i/n)), from lr at step 0 to 0 at step n.
 *
 * @param learningRate lr
 * @param steps n
 */
record CosineSchedule(double learningRate, long steps) {

  double at(long step) {
    return learningRate / 2 * (1 + Math.cos(Math.PI * step / steps));
  }
}
