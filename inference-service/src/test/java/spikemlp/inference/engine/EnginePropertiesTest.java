package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class EnginePropertiesTest {

  private static EngineProperties bind(Map<String, String> settings) {
    return new Binder(new MapConfigurationPropertySource(settings))
        .bindOrCreate("spikemlp.inference.engine", EngineProperties.class);
  }

  @Test
  void defaultsComputeOneRequestACore() {
    assertThat(bind(Map.of()))
        .isEqualTo(
            new EngineProperties(
                Runtime.getRuntime().availableProcessors(), 64, Duration.ofSeconds(10), 4));
  }

  @Test
  void everySettingIsMapped() {
    Map<String, String> settings =
        Map.of(
            "spikemlp.inference.engine.computing", "3",
            "spikemlp.inference.engine.waiting", "5",
            "spikemlp.inference.engine.deadline", "700ms",
            "spikemlp.inference.engine.loaded-versions", "9");
    assertThat(bind(settings)).isEqualTo(new EngineProperties(3, 5, Duration.ofMillis(700), 9));
  }

  @Test
  void illegalValuesAreRefused() {
    assertThatThrownBy(() -> new EngineProperties(-1, 1, Duration.ofSeconds(1), 1))
        .hasMessageContaining("computing and waiting of 0 or more");
    assertThatThrownBy(() -> new EngineProperties(1, -1, Duration.ofSeconds(1), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EngineProperties(1, 1, Duration.ZERO, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EngineProperties(1, 1, Duration.ofSeconds(1), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
