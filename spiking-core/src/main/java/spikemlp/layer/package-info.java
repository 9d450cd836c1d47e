/**
 * The network's layers, forward and backward beside each other. Activations are channels last,
 * {@code [B, T, H, W, C]}: a sample is one contiguous run, all T steps of a layer are rows of one
 * matrix product, and a batch is cut into slices of samples that the cores share.
 */
@NullMarked
package spikemlp.layer;

import org.jspecify.annotations.NullMarked;
