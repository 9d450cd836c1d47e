package spikemlp.frontdoor;

import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where the services are.
 *
 * @param trainerUrl origin of the trainer, such as {@code http://127.0.0.1:8081}
 * @param registryUrl origin of the registry
 * @param inferenceUrl origin of the inference service
 * @param connectTimeout how long a service may take to accept a connection
 * @param bodyGrace how long a request's body may take at any pace
 * @param slowestBody what has to arrive of it each second on the whole, after that
 */
@ConfigurationProperties("spikemlp.frontdoor")
public record FrontDoorProperties(
    @DefaultValue("http://127.0.0.1:8081") URI trainerUrl,
    @DefaultValue("http://127.0.0.1:8082") URI registryUrl,
    @DefaultValue("http://127.0.0.1:8083") URI inferenceUrl,
    @DefaultValue("2s") Duration connectTimeout,
    @DefaultValue("30s") Duration bodyGrace,
    @DefaultValue("1KB") DataSize slowestBody) {

  public FrontDoorProperties {
    checkOrigin("trainer-url", trainerUrl);
    checkOrigin("registry-url", registryUrl);
    checkOrigin("inference-url", inferenceUrl);
    if (!connectTimeout.isPositive()) {
      throw new IllegalArgumentException(
          "spikemlp.frontdoor.connect-timeout must be positive, not " + connectTimeout);
    }
    if (!bodyGrace.isPositive() || slowestBody.isNegative()) {
      throw new IllegalArgumentException(
          "spikemlp.frontdoor wants a positive body-grace and a slowest-body of 0 or more, not "
              + bodyGrace
              + " and "
              + slowestBody);
    }
  }

  ArrivingBody.Pace pace() {
    return new ArrivingBody.Pace(bodyGrace, slowestBody);
  }

  private static void checkOrigin(String name, URI url) {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean bare = url.getRawPath() == null || url.getRawPath().isEmpty();
    if (!http || url.getHost() == null || !bare || url.getRawQuery() != null) {
      throw new IllegalArgumentException(
          "spikemlp.frontdoor."
              + name
              + " must be an origin such as http://127.0.0.1:8081, without a path, not '"
              + url
              + "'");
    }
  }
}
