package spikemlp.kernel;

import spikemlp.neuron.LifNeuron;

/**
 * Follows the potentials of one sample in inference, which {@link Kernels#fireFolded} keeps not.
 */
public final class PotentialUpdates {

  private PotentialUpdates() {}

  /**
   * How many updates change a potential: every neuron's first step, and each later one after which
   * v, reset included, differs from before.
   */
  public static long count(Kernels kernels, Charge charge, LifNeuron neuron, long sample) {
    Precision p = kernels.precision();
    int neurons = charge.neurons();
    try (Tensor state = Tensor.zeros(p, (sample + 1) * charge.timeSteps() * neurons)) {
      kernels.combine(charge, state, sample);
      double leak = p.round(neuron.leak());
      double[] potentials = new double[neurons];
      long updates = 0;
      for (int t = 0; t < charge.timeSteps(); t++) {
        long at = charge.at(sample, t);
        for (int j = 0; j < neurons; j++) {
          double h = p.round(p.round(leak * potentials[j]) + state.get(at + j));
          double v = h >= 1 ? 0 : h;
          if (t == 0 || v != potentials[j]) {
            updates++;
          }
          potentials[j] = v;
        }
      }
      return updates;
    }
  }
}
