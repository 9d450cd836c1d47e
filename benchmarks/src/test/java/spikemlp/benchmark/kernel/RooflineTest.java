package spikemlp.benchmark.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class RooflineTest {

  private static final Roofline LIMITS = new Roofline(100, 20);

  @Test
  void theArithmeticIntensityDecidesWhichLimitIsTheLower() {
    assertThat(LIMITS.bound(501, 100)).isEqualTo(Roofline.Bound.COMPUTE);
    assertThat(LIMITS.bound(499, 100)).isEqualTo(Roofline.Bound.MEMORY);
  }

  @Test
  void theShareIsOfTheLowerLimit() {
    // 1000 operations need 10 ns, 100 bytes 5 ns.
    assertThat(LIMITS.share(1000, 100, 20)).isEqualTo(0.5, within(1e-12));
    // 100 operations need 1 ns, 400 bytes 20 ns.
    assertThat(LIMITS.share(100, 400, 80)).isEqualTo(0.25, within(1e-12));
  }

  @Test
  void limitsThatWereNotMeasuredAreRefused() {
    assertThatThrownBy(() -> new Roofline(0, 20)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Roofline(100, Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void timesOfASampleBecomeTimesOfAUnit() {
    Work work = new Work("product", "A.b", Map.of(), Work.Unit.MAC, 1000, 2000, 400);
    KernelTime row = KernelTime.of(work, LIMITS, 50, 5, 1500);
    assertThat(row.ours()).isEqualTo(0.05, within(1e-12));
    assertThat(row.oursSpread()).isEqualTo(0.005, within(1e-12));
    assertThat(row.naive()).isEqualTo(1.5, within(1e-12));
    assertThat(row.ratio()).isEqualTo(30, within(1e-12));
    assertThat(row.gflops()).isEqualTo(40, within(1e-12));
    assertThat(row.gbytes()).isEqualTo(8, within(1e-12));
    // Both limits need 20 ns.
    assertThat(row.share()).isEqualTo(0.4, within(1e-12));
  }
}
