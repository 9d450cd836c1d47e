/**
 * What a network would cost at a firing rate, of its configuration alone: operations, energy and
 * memory, with nothing trained and no native library.
 */
@NullMarked
package spikemlp.estimate;

import org.jspecify.annotations.NullMarked;
