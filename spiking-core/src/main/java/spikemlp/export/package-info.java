/**
 * The network as an ONNX file: batch normalisation folded into the weights, the neurons unrolled
 * over time, the model card inside; the proof that it multiplies nothing but the first layer, read
 * back from the file; and the comparison of ONNX Runtime with the core.
 */
@NullMarked
package spikemlp.export;

import org.jspecify.annotations.NullMarked;
