/**
 * Registered models and their versions: immutable, numbered consecutively per model, registered
 * once per training job, READY only if their proof passed and their model file is there.
 */
@NullMarked
package spikemlp.registry.version;

import org.jspecify.annotations.NullMarked;
