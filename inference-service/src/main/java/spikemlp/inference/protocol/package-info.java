/**
 * The Open Inference Protocol, version 2, with binary tensors: what standard clients speak.
 * Requests are read as they arrive, values straight into the buffer that is computed from.
 */
@NullMarked
package spikemlp.inference.protocol;

import org.jspecify.annotations.NullMarked;
