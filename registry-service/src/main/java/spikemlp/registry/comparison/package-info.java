/** Comparing versions of a model: configuration, metrics, energy and firing rates that differ. */
@NullMarked
package spikemlp.registry.comparison;

import org.jspecify.annotations.NullMarked;
