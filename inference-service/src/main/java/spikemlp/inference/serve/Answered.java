package spikemlp.inference.serve;

import spikemlp.inference.engine.Outputs;

/**
 * What a request got.
 *
 * @param outputs of its own samples
 * @param waitMillis time spent waiting: for the version to load, for decoders, for its turn
 * @param computeMillis time spent decoding and computing
 * @param largestBatch samples of the largest run that it took part in
 */
public record Answered(
    Outputs outputs, double waitMillis, double computeMillis, int largestBatch) {}
