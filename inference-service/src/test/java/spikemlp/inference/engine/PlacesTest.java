package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlacesTest {

  private final Places places = new Places(2, 64, Duration.ofSeconds(10));

  @Test
  void aSmallNetworkHasAsManyAsMayWait() {
    assertThat(places.of(1.5)).isEqualTo(66);
    assertThat(places.most()).isEqualTo(66);
  }

  @Test
  void ofALargeOneTheLastIsStillAnsweredInTime() {
    int large = places.of(784);
    assertThat(large).isEqualTo(17);
    assertThat(large * 784 / 2).isLessThan(10_000);
  }

  @Test
  void whatTakesLongerThanTheDeadlineIsTriedAllTheSame() {
    assertThat(places.of(20_000)).isEqualTo(2);
    assertThat(places.of(Double.POSITIVE_INFINITY)).isEqualTo(2);
  }

  @Test
  void illegalBoundsAreRefused() {
    assertThatThrownBy(() -> new Places(0, 1, Duration.ofSeconds(1)))
        .hasMessageContaining("at least 1 request computes");
    assertThatThrownBy(() -> new Places(1, -1, Duration.ofSeconds(1)))
        .hasMessageContaining("0 or more wait");
    assertThatThrownBy(() -> new Places(1, 1, Duration.ZERO)).hasMessageContaining("positive");
  }
}
