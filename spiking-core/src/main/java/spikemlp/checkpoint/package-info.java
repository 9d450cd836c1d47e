/**
 * Tensors on disk: safetensors files with the canonical parameter names, readable from and by
 * Python, written so that a crash or a full disk leaves no half file under the final name.
 */
@NullMarked
package spikemlp.checkpoint;

import org.jspecify.annotations.NullMarked;
