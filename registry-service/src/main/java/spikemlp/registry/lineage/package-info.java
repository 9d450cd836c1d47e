/** Lineage: which job, data and parent a version comes from, and which versions come from it. */
@NullMarked
package spikemlp.registry.lineage;

import org.jspecify.annotations.NullMarked;
