package spikemlp.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {

  @Test
  void energiesAndCountsTakeTheUnitThatReadsBest() {
    assertThat(plain(Numbers.energy(2_500_000_000.0))).isEqualTo("2.50 mJ");
    assertThat(plain(Numbers.energy(0))).isEqualTo("0 pJ");
    assertThat(plain(Numbers.energy(999.6))).isEqualTo("1.00 nJ");
    assertThat(plain(Numbers.count(4_970_000_000L))).isEqualTo("4.97 G");
    assertThat(Numbers.count(950)).isEqualTo("950");
    assertThat(Numbers.exactly(1_234_567)).isEqualTo("1,234,567");
  }

  @Test
  void digitsAreSignificant() {
    assertThat(Numbers.significant(0.012345, 3)).isEqualTo("0.0123");
    assertThat(Numbers.significant(-1500, 3)).isEqualTo("-1500");
    assertThat(Numbers.significant(0.5, 3)).isEqualTo("0.5");
    assertThat(Numbers.significant(1e-7, 3)).isEqualTo("1.00e-07");
    assertThat(Numbers.significant(0, 3)).isEqualTo("0");
    assertThat(Numbers.plain(2_217_284)).isEqualTo("2,217,284");
    assertThat(Numbers.plain(0.86125)).isEqualTo("0.86125");
    assertThat(Numbers.ratio(22.9, 2.5)).isEqualTo("9.16×");
  }

  @Test
  void whatIsNoNumberIsADash() {
    assertThat(Numbers.energy(Double.NaN)).isEqualTo("–");
    assertThat(Numbers.percent(Double.POSITIVE_INFINITY, 1)).isEqualTo("–");
    assertThat(Numbers.significant(Double.NaN, 3)).isEqualTo("–");
    assertThat(Numbers.ratio(1, 0)).isEqualTo("–");
  }

  private static String plain(String number) {
    return number.replace('\u202f', ' ');
  }
}
