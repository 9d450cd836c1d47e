/**
 * What a spiking MLP network is, by numbers: its configuration, published variants and the shapes
 * they imply. Everything here is a value; the weights live in spiking-core.
 */
@NullMarked
package spikemlp.contract.network;

import org.jspecify.annotations.NullMarked;
