/** Finds the images a request names, below the configured roots and nowhere else. */
@NullMarked
package spikemlp.trainer.dataset;

import org.jspecify.annotations.NullMarked;
