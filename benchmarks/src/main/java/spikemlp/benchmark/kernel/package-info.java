/**
 * The kernel benchmark: every loop of a training step at the sizes of the small network's first
 * stage, timed by JMH on one thread, against the naive kernel and against what the machine could do
 * at most.
 */
@NullMarked
package spikemlp.benchmark.kernel;

import org.jspecify.annotations.NullMarked;
