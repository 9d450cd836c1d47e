/**
 * What the benchmarks share. Speed is claimed here and nowhere else: as a ratio of two figures of
 * one run, medians, the machine otherwise quiet. {@code docs/results} holds what was measured.
 */
@NullMarked
package spikemlp.benchmark;

import org.jspecify.annotations.NullMarked;
