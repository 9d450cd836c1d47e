package spikemlp.contract.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void theDeviationIsTheSamples() {
    Spread spread = Spread.of(List.of(2.0, 4.0, 9.0));
    assertThat(spread.count()).isEqualTo(3);
    assertThat(spread.mean()).isEqualTo(5);
    assertThat(spread.standardDeviation()).isCloseTo(Math.sqrt(13), within(1e-12));
    assertThat(spread.min()).isEqualTo(2);
    assertThat(spread.max()).isEqualTo(9);
  }

  @Test
  void oneValueHasNoDeviationAndNoneNoSpread() {
    assertThat(Spread.of(List.of(3.0))).isEqualTo(new Spread(1, 3, null, 3, 3));
    assertThatThrownBy(() -> Spread.of(List.of())).hasMessageContaining("one value");
  }
}
