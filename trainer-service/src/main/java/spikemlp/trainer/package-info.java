/**
 * The trainer service: takes training jobs over REST, runs them on Spring Batch and hands the
 * finished models to the registry. This package starts it and holds its configuration.
 */
@NullMarked
package spikemlp.trainer;

import org.jspecify.annotations.NullMarked;
