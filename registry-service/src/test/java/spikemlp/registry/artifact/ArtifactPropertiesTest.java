package spikemlp.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class ArtifactPropertiesTest {

  @Test
  void defaults() {
    assertThat(bind(Map.of("spikemlp.registry.artifact-directory", "/data")))
        .isEqualTo(
            new ArtifactProperties(
                Path.of("/data"), DataSize.ofGigabytes(1), DataSize.ofMegabytes(64)));
  }

  @Test
  void everyValueCanBeSet() {
    assertThat(
            bind(
                Map.of(
                    "spikemlp.registry.artifact-directory", "/data",
                    "spikemlp.registry.max-artifact-size", "5MB",
                    "spikemlp.registry.minimum-free-space", "0B")))
        .isEqualTo(
            new ArtifactProperties(Path.of("/data"), DataSize.ofMegabytes(5), DataSize.ofBytes(0)));
  }

  @Test
  void illegalValuesAreNamed() {
    assertThatThrownBy(() ->
            new ArtifactProperties(Path.of("/data"), DataSize.ofBytes(0), DataSize.ofBytes(0)))
        .hasMessageContaining("max-artifact-size = 0B");
    assertThatThrownBy(() ->
            new ArtifactProperties(Path.of("/data"), DataSize.ofBytes(1), DataSize.ofBytes(-1)))
        .hasMessageContaining("minimum-free-space = -1B");
  }

  private static ArtifactProperties bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bind("spikemlp.registry", ArtifactProperties.class)
        .get();
  }
}
