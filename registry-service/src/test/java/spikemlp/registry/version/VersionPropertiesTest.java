package spikemlp.registry.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class VersionPropertiesTest {

  @Test
  void defaults() {
    assertThat(bind(Map.of()))
        .isEqualTo(new VersionProperties(Duration.ofDays(30), Duration.ofHours(1)));
  }

  @Test
  void everyValueCanBeSet() {
    assertThat(
            bind(
                Map.of(
                    "spikemlp.registry.versions.grace-period", "2d",
                    "spikemlp.registry.versions.purge-interval", "5m")))
        .isEqualTo(new VersionProperties(Duration.ofDays(2), Duration.ofMinutes(5)));
  }

  @Test
  void illegalValuesAreNamed() {
    assertThatThrownBy(() -> new VersionProperties(Duration.ofDays(-1), Duration.ofHours(1)))
        .hasMessageContaining("grace-period = PT-24H");
    assertThatThrownBy(() -> new VersionProperties(Duration.ofDays(1), Duration.ZERO))
        .hasMessageContaining("purge-interval = PT0S");
  }

  private static VersionProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("spikemlp.registry.versions", VersionProperties.class);
  }
}
