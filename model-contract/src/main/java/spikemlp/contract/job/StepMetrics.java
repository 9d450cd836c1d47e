package spikemlp.contract.job;

/**
 * One point of a job's series by training step: means over the mini-batches since the point before.
 *
 * @param step mini-batches trained, over all epochs; from 1
 * @param epoch the epoch that they belong to, from 1
 * @param trainLoss mean over their images
 * @param trainAccuracy over their images, in [0, 1]
 * @param learningRate of the last of them
 * @param imagesPerSecond training speed
 */
public record StepMetrics(
    long step,
    int epoch,
    double trainLoss,
    double trainAccuracy,
    double learningRate,
    double imagesPerSecond) {}
