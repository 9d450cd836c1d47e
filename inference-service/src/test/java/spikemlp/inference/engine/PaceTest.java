package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MILLI = 1_000_000;

  /** So many runs of one image, each of so many milliseconds. */
  private static void run(Pace pace, int runs, long millis) {
    for (int run = 0; run < runs; run++) {
      pace.ran(1, millis * MILLI);
    }
  }

  @Test
  void aColdFirstRunIsForgottenWithinAFew() {
    Places places = new Places(2, 64, Duration.ofSeconds(10));
    Pace pace = new Pace(1_500);
    assertThat(places.of(pace.imageMillis())).isEqualTo(9);
    run(pace, 2, 700);
    assertThat(places.of(pace.imageMillis())).isEqualTo(20);
  }

  @Test
  void aSamplesShareOfARunCounts() {
    Pace pace = new Pace(10);
    pace.ran(8, 40 * MILLI);
    pace.ran(4, 20 * MILLI);
    assertThat(pace.imageMillis()).isEqualTo(5);
  }

  @Test
  void onePauseOfTheMachineChangesNothing() {
    Pace pace = new Pace(5);
    run(pace, 1, 5);
    run(pace, 1, 5_000);
    assertThat(pace.imageMillis()).isEqualTo(5);
  }

  @Test
  void whatRunsTakeFromNowOnIsFollowed() {
    Pace pace = new Pace(5);
    run(pace, Pace.RUNS, 5);
    run(pace, Pace.RUNS / 2 + 1, 9);
    assertThat(pace.imageMillis()).isEqualTo(9);
  }

  @Test
  void aRunThatWasStoppedNeverMakesItSeemFaster() {
    Pace pace = new Pace(500);
    for (int run = 0; run < Pace.RUNS; run++) {
      pace.cutOff(1, MILLI);
    }
    assertThat(pace.imageMillis()).isEqualTo(500);
    for (int run = 0; run < Pace.RUNS; run++) {
      pace.cutOff(1, 800 * MILLI);
    }
    assertThat(pace.imageMillis()).isEqualTo(800);
  }
}
