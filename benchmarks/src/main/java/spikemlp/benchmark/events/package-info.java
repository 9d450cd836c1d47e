/** What following a job costs the job. */
@NullMarked
package spikemlp.benchmark.events;

import org.jspecify.annotations.NullMarked;
