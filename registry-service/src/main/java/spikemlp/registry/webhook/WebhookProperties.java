package spikemlp.registry.webhook;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code spikemlp.registry.webhooks.*}.
 *
 * @param allowedHosts hosts by name that may have a private, loopback or link-local address
 * @param trustedCertificates a PEM file of certificates to trust instead of the Java runtime's
 * @param attempts how often a delivery is tried
 * @param firstDelay the pause after the first attempt, which doubles with each
 * @param maxDelay the longest such pause
 * @param connectTimeout how long a connection, its handshake included, may take to open
 * @param responseTimeout how long the receiver may take to answer
 * @param maxWebhooks how many webhooks there may be
 */
@ConfigurationProperties("spikemlp.registry.webhooks")
record WebhookProperties(
    @DefaultValue List<String> allowedHosts,
    @Nullable Path trustedCertificates,
    @DefaultValue("8") int attempts,
    @DefaultValue("5s") Duration firstDelay,
    @DefaultValue("1h") Duration maxDelay,
    @DefaultValue("5s") Duration connectTimeout,
    @DefaultValue("10s") Duration responseTimeout,
    @DefaultValue("100") int maxWebhooks) {

  WebhookProperties {
    allowedHosts = allowedHosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    if (attempts < 1 || maxWebhooks < 1) {
      throw new IllegalArgumentException(
          "spikemlp.registry.webhooks: attempts and max-webhooks are at least 1, not "
              + attempts
              + " and "
              + maxWebhooks);
    }
    for (Duration duration : List.of(firstDelay, maxDelay, connectTimeout, responseTimeout)) {
      if (!duration.isPositive()) {
        throw new IllegalArgumentException(
            "spikemlp.registry.webhooks: each delay and timeout is positive, not " + duration);
      }
    }
  }
}
