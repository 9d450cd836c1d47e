package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchingTest {

  private static final Batching.Limits LIMITS = new Batching.Limits(16, Duration.ofMillis(2));

  private static Batching choose(Batching.Stopwatch stopwatch) {
    return Batching.choose("net:1", LIMITS, stopwatch);
  }

  @Test
  void aRunThatCostsSomethingByItselfIsShared() {
    Batching batching = choose(batch -> 1_000_000L + 100_000L * batch);
    assertThat(batching.maxBatch()).isEqualTo(16);
    assertThat(batching.maxDelay()).isEqualTo(Duration.ofMillis(2));
    assertThat(batching.measured())
        .extracting(Batching.Measured::batch)
        .containsExactly(1, 2, 4, 8, 16);
    assertThat(batching.measured().getFirst().imageMillis()).isEqualTo(1.1);
  }

  @Test
  void aBatchGrowsOnlyWhileItPays() {
    Batching batching = choose(batch -> batch <= 4 ? 1_000_000L : 600_000L * batch);
    assertThat(batching.maxBatch()).isEqualTo(4);
    assertThat(batching.measured()).hasSize(4);
  }

  @Test
  void whereABatchCostsMoreNothingIsBatchedAndNothingWaits() {
    Batching batching = choose(batch -> 10_000_000L * batch * batch);
    assertThat(batching.maxBatch()).isEqualTo(1);
    assertThat(batching.maxDelay()).isZero();
  }

  @Test
  void whatARunCostsBesideItselfIsShared() {
    // No sample costs less in a larger run.
    assertThat(choose(batch -> 3_500_000L * batch).maxBatch()).isEqualTo(8);
    assertThat(choose(batch -> 35_000_000L * batch).maxBatch()).isEqualTo(1);
  }

  @Test
  void aStepThatLooksTooSmallDoesNotEndTheChoice() {
    // Two doublings of a gain of 4 %, as a network of 3.5 ms once measured.
    Batching batching =
        choose(batch ->
            Map.of(1, 3_619_000L, 2, 6_584_000L, 4, 13_590_000L)
                .getOrDefault(batch, 3_330_000L * batch));
    assertThat(batching.maxBatch()).isEqualTo(8);
  }

  @Test
  void ofSizesThatCostNearlyTheSameTheSmallestIsTaken() {
    assertThat(choose(batch -> batch == 1 ? 9_000_000L : 2_000_000L * batch).maxBatch())
        .isEqualTo(8);
  }

  @Test
  void slowFirstRunsDoNotMakeABatchLookFaster() {
    int[] runs = {0};
    Batching batching = choose(batch -> 30_000_000L * batch + (runs[0]++ < 4 ? 15_000_000L : 0));
    assertThat(batching.maxBatch()).isEqualTo(1);
    assertThat(batching.measured())
        .containsExactly(new Batching.Measured(1, 30), new Batching.Measured(2, 30));
  }

  @Test
  void whatIsFarFromTheBoundIsTimedLessOften() {
    int[] runs = {0};
    choose(batch -> {
      runs[0]++;
      return batch == 1 ? 1_000_000L : 1_000_000L * batch * batch;
    });
    int far = runs[0];
    runs[0] = 0;
    choose(batch -> {
      runs[0]++;
      return 30_000_000L * batch;
    });
    assertThat(far).isEqualTo(1 + 2 * 3);
    assertThat(runs[0]).isEqualTo(1 + 2 * 6);
  }

  @Test
  void aLargeNetworkIsTimedOnceAndNotInBatches() {
    List<Integer> tried = new ArrayList<>();
    Batching batching =
        choose(batch -> {
          tried.add(batch);
          return 480_000_000L;
        });
    assertThat(batching.maxBatch()).isEqualTo(1);
    assertThat(tried).containsExactly(1);
  }

  @Test
  void illegalLimitsAreRefused() {
    assertThatThrownBy(() -> new Batching.Limits(0, Duration.ZERO))
        .hasMessageContaining("a batch has 1 sample or more");
    assertThatThrownBy(() -> new Batching.Limits(1, Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
