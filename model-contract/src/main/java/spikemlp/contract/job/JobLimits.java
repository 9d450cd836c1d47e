package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;

/**
 * What a job may take, no more than the trainer allows any job. A job that would need more
 * parameters or memory is refused when it is submitted; one that runs longer FAILS with its last
 * checkpoint kept.
 *
 * @param maxRuntimeSeconds seconds of running, waiting in the queue not counted; begins anew when
 *     the job is resumed
 * @param maxParameters learnt numbers of the network
 * @param maxMemoryBytes memory that training needs by estimate
 */
public record JobLimits(
    @Nullable Long maxRuntimeSeconds, @Nullable Long maxParameters, @Nullable Long maxMemoryBytes) {

  /** No limits but the trainer's. */
  public static final JobLimits NONE = new JobLimits(null, null, null);
}
