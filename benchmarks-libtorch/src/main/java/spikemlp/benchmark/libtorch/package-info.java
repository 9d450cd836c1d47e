/**
 * The training benchmark's peer: the same network on libtorch, written as a PyTorch user writes
 * SpikingJelly's multi-step mode. Products and normalisations run on [T·B, …] at once and
 * differentiate themselves; the neuron is one fused node whose backward is written by hand.
 *
 * <p>Tensors between layers are rows [T·B·H·W, C] in memory order. Autograd's graph is cut at each
 * neuron; outside of {@link spikemlp.benchmark.libtorch.Product} nothing records. Native memory is
 * freed by scopes and by each layer's backward, never by the garbage collector. One thread uses it.
 */
@NullMarked
package spikemlp.benchmark.libtorch;

import org.jspecify.annotations.NullMarked;
