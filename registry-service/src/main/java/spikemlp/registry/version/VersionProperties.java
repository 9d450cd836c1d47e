package spikemlp.registry.version;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long deleted versions stay.
 *
 * @param gracePeriod from a version's deletion to its end; until then it can be brought back
 * @param purgeInterval between two looks for versions whose grace period is over
 */
@ConfigurationProperties("spikemlp.registry.versions")
public record VersionProperties(
    @DefaultValue("30d") Duration gracePeriod, @DefaultValue("1h") Duration purgeInterval) {

  public VersionProperties {
    if (gracePeriod.isNegative()) {
      throw new IllegalArgumentException(
          "spikemlp.registry.versions.grace-period = "
              + gracePeriod
              + ": must not be negative, such as 30d");
    }
    if (!purgeInterval.isPositive()) {
      throw new IllegalArgumentException(
          "spikemlp.registry.versions.purge-interval = "
              + purgeInterval
              + ": must be positive, such as 1h");
    }
  }
}
