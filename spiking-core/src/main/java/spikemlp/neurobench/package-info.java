/**
 * NeuroBench's algorithm metrics of a network: footprint, connection and activation sparsity,
 * synaptic operations, membrane updates.
 */
@NullMarked
package spikemlp.neurobench;

import org.jspecify.annotations.NullMarked;
