package spikemlp.training;

/**
 * What a run of batches achieved, while its weights were changing.
 *
 * @param batches mini-batches trained
 * @param images images trained
 * @param meanLoss over these images
 * @param accuracy over these images, in [0, 1]
 * @param learningRate of the last batch
 * @param nanos duration
 */
public record Segment(
    int batches, int images, double meanLoss, double accuracy, double learningRate, long nanos) {}
