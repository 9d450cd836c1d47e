package spikemlp.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScaleTest {

  @Test
  void endsMapToEndsAlsoUpsideDown() {
    Scale up = new Scale(-1, 3, 200, 0);
    assertThat(up.at(-1)).isEqualTo(200);
    assertThat(up.at(3)).isEqualTo(0);
    assertThat(up.at(0)).isEqualTo(150);
  }

  @Test
  void ticksAreRoundAndWithin() {
    assertThat(new Scale(0, 1, 0, 1).ticks(4)).hasSize(6).contains(0.0);
    assertThat(new Scale(1, 100, 0, 1).ticks(5)).containsExactly(20.0, 40.0, 60.0, 80.0, 100.0);
    assertThat(new Scale(-0.03, 0.03, 0, 1).ticks(4))
        .allSatisfy(tick -> assertThat(tick).isBetween(-0.03 - 1e-9, 0.03 + 1e-9))
        .anySatisfy(tick -> assertThat(tick).isCloseTo(0, within(1e-12)));
    assertThat(new Scale(1, 3, 0, 1).wholeTicks(6)).containsExactly(1.0, 2.0, 3.0);
    assertThat(new Scale(0.5, 1.5, 0, 1).wholeTicks(6)).containsExactly(1.0);
    assertThat(new Scale(0, 1e-12, 0, 1).ticks(4)).hasSizeBetween(3, 7);
  }

  @Test
  void anEmptyOrUnboundedScaleIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Scale(1, 1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Scale(0, Double.NaN, 0, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Scale(0, Double.POSITIVE_INFINITY, 0, 1));
  }
}
