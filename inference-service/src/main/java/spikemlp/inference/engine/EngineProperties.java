package spikemlp.inference.engine;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much is computed at once.
 *
 * @param computing requests that compute at once; 0 means one a core
 * @param waiting requests of a version that may wait beside them, or fewer where the last would
 *     wait too long; more are told to come back
 * @param deadline how long a request may take from its last byte to its answer
 * @param loadedVersions versions kept in memory
 * @param maxBatch samples of a run, at most; 1 turns batching off
 * @param maxDelay how long a run waits for companions that are on their way
 */
@ConfigurationProperties("spikemlp.inference.engine")
public record EngineProperties(
    @DefaultValue("0") int computing,
    @DefaultValue("64") int waiting,
    @DefaultValue("10s") Duration deadline,
    @DefaultValue("4") int loadedVersions,
    @DefaultValue("32") int maxBatch,
    @DefaultValue("2ms") Duration maxDelay) {

  public EngineProperties {
    if (computing < 0 || waiting < 0 || loadedVersions < 1 || !deadline.isPositive()) {
      throw new IllegalArgumentException(
          "spikemlp.inference.engine wants computing and waiting of 0 or more, loaded-versions of 1"
              + " or more and a positive deadline, not "
              + computing
              + ", "
              + waiting
              + ", "
              + loadedVersions
              + " and "
              + deadline);
    }
    if (maxBatch < 1 || maxDelay.isNegative()) {
      throw new IllegalArgumentException(
          "spikemlp.inference.engine wants a max-batch of 1 or more and no negative max-delay, not "
              + maxBatch
              + " and "
              + maxDelay);
    }
    if (computing == 0) {
      computing = Runtime.getRuntime().availableProcessors();
    }
  }

  Places places() {
    return new Places(computing, waiting, deadline);
  }

  Batching.Limits batching() {
    return new Batching.Limits(maxBatch, maxDelay);
  }
}
