package spikemlp.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class FrontDoorPropertiesTest {

  @Test
  void theDefaultsAreThePlatformsPorts() {
    FrontDoorProperties properties = bind(Map.of());
    assertThat(properties.trainerUrl()).isEqualTo(URI.create("http://127.0.0.1:8081"));
    assertThat(properties.registryUrl()).isEqualTo(URI.create("http://127.0.0.1:8082"));
    assertThat(properties.inferenceUrl()).isEqualTo(URI.create("http://127.0.0.1:8083"));
    assertThat(properties.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(properties.pace())
        .isEqualTo(new ArrivingBody.Pace(Duration.ofSeconds(30), DataSize.ofKilobytes(1)));
  }

  @Test
  void everyPropertyIsRead() {
    FrontDoorProperties properties =
        bind(
            Map.of(
                "spikemlp.frontdoor.trainer-url", "http://trainer:1",
                "spikemlp.frontdoor.registry-url", "https://registry:2",
                "spikemlp.frontdoor.inference-url", "http://inference:3",
                "spikemlp.frontdoor.connect-timeout", "750ms",
                "spikemlp.frontdoor.body-grace", "5s",
                "spikemlp.frontdoor.slowest-body", "9B"));
    assertThat(properties)
        .isEqualTo(
            new FrontDoorProperties(
                URI.create("http://trainer:1"),
                URI.create("https://registry:2"),
                URI.create("http://inference:3"),
                Duration.ofMillis(750),
                Duration.ofSeconds(5),
                DataSize.ofBytes(9)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"trainer:8081", "ftp://x", "http://x/api", "http://x?y=1", "/x"})
  void anAddressThatIsNoOriginIsRefusedByName(String url) {
    assertThatThrownBy(() -> bind(Map.of("spikemlp.frontdoor.registry-url", url)))
        .rootCause()
        .hasMessageContaining("spikemlp.frontdoor.registry-url")
        .hasMessageContaining(url);
  }

  private static FrontDoorProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("spikemlp.frontdoor", FrontDoorProperties.class);
  }
}
