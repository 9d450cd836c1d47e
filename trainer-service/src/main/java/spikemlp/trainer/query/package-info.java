/** What the queries of lists have in common: their parameters, and places to go on from. */
@NullMarked
package spikemlp.trainer.query;

import org.jspecify.annotations.NullMarked;
