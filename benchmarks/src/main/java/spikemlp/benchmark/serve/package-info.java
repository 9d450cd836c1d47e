/**
 * Serving under load: the whole inference service over HTTP, beside its floors in the same process,
 * an HTTP server that only echoes and ONNX Runtime in a loop.
 */
@NullMarked
package spikemlp.benchmark.serve;

import org.jspecify.annotations.NullMarked;
