package spikemlp.neuron;

import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Surrogate;

/**
 * The leaky integrate-and-fire neuron (paper eq. 1-4), its resting and reset potential 0.
 *
 * <pre>
 * h[t] = v[t-1] + (z[t] - v[t-1]) / τ        charge   (v[-1] = 0)
 * s[t] = 1 if h[t] ≥ V_th else 0             fire
 * v[t] = h[t] · (1 - s[t])                   reset
 * </pre>
 *
 * Backward, with the surrogate gradient g at x = h − V_th:
 *
 * <pre>
 * δh[t] = δs[t]·g[t] + δv[t]·(1 - s[t])   (− δv[t]·h[t]·g[t] unless the reset is detached)
 * δz[t] = δh[t]/τ          δv[t-1] = δh[t]·(1 - 1/τ)
 * </pre>
 *
 * <p>In inference 1/τ and V_th are folded into the weights: with z and h in units of τ·V_th and
 * V_th,
 *
 * <pre>
 * h[t] = (1 − 1/τ)·v[t−1] + z[t]    s[t] = 1 if h[t] ≥ 1 else 0    v[t] = 0 after a spike, else h[t]
 * </pre>
 *
 * @param tau τ, the time constant
 * @param threshold V_th
 * @param detachReset whether the reset path carries no gradient through s
 * @param surrogate which g
 */
public record LifNeuron(double tau, double threshold, boolean detachReset, Surrogate surrogate) {

  /** The neuron of a network. */
  public static LifNeuron of(NetworkConfig config) {
    return new LifNeuron(
        config.tau(), config.threshold(), config.detachReset(), config.surrogate());
  }

  /** 1 − 1/τ, what a step leaves of a potential. */
  public double leak() {
    return 1 - 1 / tau;
  }
}
