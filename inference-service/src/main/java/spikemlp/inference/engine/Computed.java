package spikemlp.inference.engine;

/**
 * A request's outputs and how they came about.
 *
 * @param outputs of the request's own samples
 * @param queueNanos from its arrival in the queue to the start of its last run, computing of its
 *     earlier parts left out
 * @param computeNanos the time of the runs it took part in
 * @param executions runs it took part in: 1, or one for each part of a request that was split
 * @param largestBatch samples of the largest of these runs, other requests' included
 */
public record Computed(
    Outputs outputs, long queueNanos, long computeNanos, int executions, int largestBatch) {}
