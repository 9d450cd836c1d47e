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
                Runtime.getRuntime().availableProcessors(),
                64,
                Duration.ofSeconds(10),
                4,
                32,
                Duration.ofMillis(2)));
  }

  @Test
  void everySettingIsMapped() {
    Map<String, String> settings =
        Map.of(
            "spikemlp.inference.engine.computing", "3",
            "spikemlp.inference.engine.waiting", "5",
            "spikemlp.inference.engine.deadline", "700ms",
            "spikemlp.inference.engine.loaded-versions", "9",
            "spikemlp.inference.engine.max-batch", "6",
            "spikemlp.inference.engine.max-delay", "3ms");
    assertThat(bind(settings))
        .isEqualTo(new EngineProperties(3, 5, Duration.ofMillis(700), 9, 6, Duration.ofMillis(3)));
  }

  @Test
  void illegalValuesAreRefused() {
    assertThatThrownBy(() -> properties(-1, 1, 1, 1, 1, 1))
        .hasMessageContaining("computing and waiting of 0 or more");
    assertThatThrownBy(() -> properties(1, -1, 1, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> properties(1, 1, 0, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> properties(1, 1, 1, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> properties(1, 1, 1, 1, 0, 1))
        .hasMessageContaining("a max-batch of 1 or more");
    assertThatThrownBy(() -> properties(1, 1, 1, 1, 1, -1))
        .hasMessageContaining("no negative max-delay");
  }

  private static EngineProperties properties(
      int computing, int waiting, int deadline, int loaded, int batch, int delay) {
    return new EngineProperties(
        computing, waiting, Duration.ofSeconds(deadline), loaded, batch, Duration.ofMillis(delay));
  }
}
