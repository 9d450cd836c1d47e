/**
 * Versions from elsewhere: safetensors checkpoints and ONNX files that no training job of this
 * platform made, taken in after checks of what they hold. Nothing of them is run.
 */
@NullMarked
package spikemlp.registry.imports;

import org.jspecify.annotations.NullMarked;
