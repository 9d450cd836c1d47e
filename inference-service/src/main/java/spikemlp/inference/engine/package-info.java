/**
 * Runs model files on ONNX Runtime: opening and checking a file, the loaded versions and who uses
 * them, and the pool that computes on one thread a core. Everything native is owned here.
 */
@NullMarked
package spikemlp.inference.engine;

import org.jspecify.annotations.NullMarked;
