/**
 * The spiking neuron as the paper defines it: leaky integrate-and-fire with decayed input and hard
 * reset, and the surrogate gradients that replace the step's derivative. Equations and numbers
 * only; the loops over tensors are in the kernels.
 */
@NullMarked
package spikemlp.neuron;

import org.jspecify.annotations.NullMarked;
