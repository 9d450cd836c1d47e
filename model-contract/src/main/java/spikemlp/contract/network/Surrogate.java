package spikemlp.contract.network;

/**
 * The derivative that replaces the step's in backward, at x = h − V_th (paper section 3.1).
 *
 * <p>The formulas are in spiking-core, beside the neuron that uses them.
 */
public enum Surrogate {
  SIGMOID,
  RECTANGULAR,
  TRIANGULAR,
  EXPONENTIAL
}
