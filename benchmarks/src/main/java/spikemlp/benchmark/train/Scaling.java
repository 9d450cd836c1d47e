package spikemlp.benchmark.train;

import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * Ours alone, with one number varied.
 *
 * @param vary which: threads, time_steps or batch
 * @param value what it was
 * @param milliseconds median of a training step
 * @param rounds by round
 * @param samplesPerSecond B a step
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Scaling(
    String vary, int value, double milliseconds, Rounds rounds, double samplesPerSecond) {}
