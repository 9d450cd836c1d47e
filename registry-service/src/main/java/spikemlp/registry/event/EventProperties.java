package spikemlp.registry.event;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code spikemlp.registry.events.*}.
 *
 * @param maxSubscribers streams open at the same time
 * @param heartbeat how often an idle stream sends a comment
 * @param retention how long events are kept for subscribers that come back
 */
@ConfigurationProperties("spikemlp.registry.events")
record EventProperties(
    @DefaultValue("256") int maxSubscribers,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("30d") Duration retention) {

  EventProperties {
    if (maxSubscribers < 1 || !heartbeat.isPositive() || !retention.isPositive()) {
      throw new IllegalArgumentException(
          "spikemlp.registry.events: max-subscribers is at least 1, heartbeat and retention are"
              + " positive, not "
              + maxSubscribers
              + ", "
              + heartbeat
              + " and "
              + retention);
    }
  }
}
