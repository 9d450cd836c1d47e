package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;

/**
 * One point of the training curve; also the data of an {@code event: metric}.
 *
 * @param epoch from 1
 * @param trainLoss mean over the epoch
 * @param trainAccuracy over the epoch, in [0, 1]
 * @param testAccuracy after the epoch, in [0, 1]
 * @param learningRate at the epoch's end
 * @param imagesPerSecond training speed over the epoch
 * @param testLoss mean cross-entropy after the epoch; null for an epoch recorded without it
 */
public record EpochMetrics(
    int epoch,
    double trainLoss,
    double trainAccuracy,
    double testAccuracy,
    double learningRate,
    double imagesPerSecond,
    @Nullable Double testLoss) {}
