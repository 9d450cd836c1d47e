/**
 * The training benchmark: one network, its weights and a batch given to two workers, each in a JVM
 * of its own, which answer with gradients and times over a line of JSON each. The driver compares
 * the gradients first and then times the workers in turn.
 */
@NullMarked
package spikemlp.benchmark.train;

import org.jspecify.annotations.NullMarked;
