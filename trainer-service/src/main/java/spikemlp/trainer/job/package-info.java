/**
 * A training job's way from its request to a registered version: the queue in PostgreSQL, the
 * worker that claims from it, the five Batch steps, the events that tell of progress and the API.
 */
@NullMarked
package spikemlp.trainer.job;

import org.jspecify.annotations.NullMarked;
