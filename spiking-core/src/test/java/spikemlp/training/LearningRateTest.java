package spikemlp.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import spikemlp.contract.job.LearningRateSchedule;
import spikemlp.contract.job.LearningRateSchedule.Kind;

final class LearningRateTest {

  private static LearningRate rate(LearningRateSchedule schedule) {
    return new LearningRate(0.1, schedule, 10, 100);
  }

  @Test
  void fallsAlongACosine() {
    LearningRate rate = rate(LearningRateSchedule.COSINE);
    assertThat(rate.at(0)).isEqualTo(0.1);
    assertThat(rate.at(50)).isCloseTo(0.05, within(1e-12));
    assertThat(rate.at(100)).isCloseTo(0, within(1e-12));
    for (long i = 0; i < 100; i++) { // the bits of runs trained before there were other schedules
      assertThat(rate.at(i)).isEqualTo(0.1 / 2 * (1 + Math.cos(Math.PI * i / 100L)));
    }
  }

  @Test
  void risesThroughAPartOfAnEpochThenFallsOverTheRest() {
    LearningRate rate = rate(new LearningRateSchedule(Kind.COSINE, 1.5, List.of(), 0, 0.1));
    assertThat(rate.at(0)).isCloseTo(0.1 / 16, within(1e-12));
    assertThat(rate.at(14)).isCloseTo(0.1 * 15 / 16, within(1e-12));
    assertThat(rate.at(15)).isEqualTo(0.1);
    assertThat(rate.at(57)).isGreaterThan(0.05);
    assertThat(rate.at(58)).isLessThan(0.05);
    assertThat(rate.at(100)).isCloseTo(0, within(1e-12));
  }

  @Test
  void stepsAtMilestones() {
    LearningRate rate = rate(new LearningRateSchedule(Kind.STEP, 0, List.of(3, 7), 0, 0.5));
    assertThat(rate.at(29)).isEqualTo(0.1);
    assertThat(rate.at(30)).isEqualTo(0.05);
    assertThat(rate.at(69)).isEqualTo(0.05);
    assertThat(rate.at(70)).isEqualTo(0.025);
  }

  @Test
  void stepsEverySoManyEpochsAfterAWarmUp() {
    LearningRate rate = rate(new LearningRateSchedule(Kind.STEP, 0.3, List.of(), 4, 0.1));
    assertThat(rate.at(0)).isCloseTo(0.025, within(1e-12));
    assertThat(rate.at(3)).isEqualTo(0.1);
    assertThat(rate.at(39)).isEqualTo(0.1);
    assertThat(rate.at(40)).isCloseTo(0.01, within(1e-12));
    assertThat(rate.at(80)).isCloseTo(0.001, within(1e-12));
  }

  @Test
  void stays() {
    LearningRate rate = rate(new LearningRateSchedule(Kind.CONSTANT, 0, List.of(), 0, 0.1));
    assertThat(rate.at(0)).isEqualTo(0.1);
    assertThat(rate.at(99)).isEqualTo(0.1);
  }
}
