package spikemlp.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

  private final Pace pace = new Pace();

  private void add(int reports, double secondsPerBatch) {
    for (int i = 0; i < reports; i++) {
      pace.add(secondsPerBatch);
    }
  }

  @Test
  void aPauseDoesNotMoveIt() {
    assertThat(pace.median()).isZero();
    add(1, 4); // a cold start
    add(5, 0.3);
    add(1, 600); // the machine slept
    assertThat(pace.median()).isEqualTo(0.3);
  }

  @Test
  void itFollowsTheLastMinute() {
    add(200, 0.3);
    add(Pace.REPORTS / 2 + 1, 0.2);
    assertThat(pace.median()).isEqualTo(0.2);
  }
}
