package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ArtifactPropertiesTest {

  @Test
  void defaults() {
    assertThat(bind(Map.of("spikemlp.registry.artifact-directory", "/data")))
        .isEqualTo(
            new ArtifactProperties(
                Path.of("/data"),
                DataSize.ofGigabytes(1),
                DataSize.ofMegabytes(64),
                Duration.ofHours(24),
                Duration.ofHours(24),
                64));
  }

  @Test
  void everyValueCanBeSet() {
    assertThat(
            bind(
                Map.of(
                    "spikemlp.registry.artifact-directory", "/data",
                    "spikemlp.registry.max-artifact-size", "5MB",
                    "spikemlp.registry.minimum-free-space", "0B",
                    "spikemlp.registry.artifact-grace", "0s",
                    "spikemlp.registry.upload-expiry", "5m",
                    "spikemlp.registry.max-open-uploads", "3")))
        .isEqualTo(
            new ArtifactProperties(
                Path.of("/data"),
                DataSize.ofMegabytes(5),
                DataSize.ofBytes(0),
                Duration.ZERO,
                Duration.ofMinutes(5),
                3));
  }

  @ParameterizedTest
  @CsvSource({
    "max-artifact-size, 0B",
    "minimum-free-space, -1B",
    "artifact-grace, -1s",
    "upload-expiry, 0s",
    "max-open-uploads, 0"
  })
  void illegalValuesAreNamed(String name, String value) {
    assertThatThrownBy(() ->
            bind(
                Map.of(
                    "spikemlp.registry.artifact-directory",
                    "/data",
                    "spikemlp.registry." + name,
                    value)))
        .rootCause()
        .hasMessageContaining("spikemlp.registry." + name + " = ");
  }

  private static ArtifactProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bind("spikemlp.registry", ArtifactProperties.class)
        .get();
  }
}
