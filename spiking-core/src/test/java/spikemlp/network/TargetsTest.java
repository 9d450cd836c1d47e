package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.contract.network.Loss;

/** Losses of targets that are probabilities. */
final class TargetsTest {

  private static final double[][] TARGETS = {
    {0.1, 0.2, 0.6, 0.1}, {1, 0, 0, 0}, {0.25, 0.25, 0.25, 0.25}
  };

  private static double[][][] logits() {
    SplittableRandom random = new SplittableRandom(3);
    double[][][] logits = new double[3][2][4];
    for (double[][] sample : logits) {
      for (double[] step : sample) {
        for (int k = 0; k < step.length; k++) {
          step[k] = random.nextDouble(-3, 3);
        }
      }
    }
    return logits;
  }

  @ParameterizedTest
  @EnumSource
  void gradientsForSoftTargetsAreCentralDifferences(Loss loss) {
    Objective objective = new Objective(loss, 0.3, 0.8);
    double[][][] logits = logits();
    double[][][] gradient = objective.evaluate(logits, TARGETS).dLogits();
    double e = 1e-5;
    for (int b = 0; b < logits.length; b++) {
      for (int t = 0; t < logits[b].length; t++) {
        for (int k = 0; k < logits[b][t].length; k++) {
          double original = logits[b][t][k];
          logits[b][t][k] = original + e;
          double above = objective.evaluate(logits, TARGETS).loss();
          logits[b][t][k] = original - e;
          double below = objective.evaluate(logits, TARGETS).loss();
          logits[b][t][k] = original;
          assertThat(gradient[b][t][k]).isCloseTo((above - below) / (2 * e), within(1e-9));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTargetThatIsALabelIsTheLabel(Loss loss) {
    Objective objective = new Objective(loss, 0.3, 0.8);
    int[] labels = {3, 0, 2};
    Objective.Result byLabel = objective.evaluate(logits(), labels);
    Objective.Result byTarget = objective.evaluate(logits(), Targets.oneHot(labels, 4));
    assertThat(byTarget.loss()).isCloseTo(byLabel.loss(), within(1e-12));
    assertThat(byTarget.correct()).isEqualTo(byLabel.correct());
    assertThat(byTarget.dLogits()).isDeepEqualTo(byLabel.dLogits());
  }

  @Test
  void whatIsCorrectIsTheLargestOfTheTarget() {
    double[][][] logits = {{{0, 1, 5}}, {{9, 1, 2}}};
    double[][] targets = {{0.3, 0.3, 0.4}, {0.45, 0.55, 0}};
    assertThat(new Objective(Loss.MEAN, 0, 1).evaluate(logits, targets).correct()).isEqualTo(1);
  }

  @Test
  void smoothingSpreadsAShareEvenly() {
    double[][] smoothed = Targets.smoothed(Targets.oneHot(new int[] {1}, 4), 0.1);
    assertThat(smoothed[0])
        .containsExactly(new double[] {0.025, 0.925, 0.025, 0.025}, within(1e-12));
    assertThat(Targets.smoothed(TARGETS, 0)).isDeepEqualTo(TARGETS);
  }

  @Test
  void targetsThatAreNoProbabilitiesAreRefused() {
    Objective objective = new Objective(Loss.MEAN, 0, 1);
    double[][][] logits = {{{0, 1, 5}}};
    assertThatThrownBy(() -> objective.evaluate(logits, new double[][] {{0.5, 0.6, 0}}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sample 0 is [0.5, 0.6, 0.0]");
    assertThatThrownBy(() -> objective.evaluate(logits, new double[][] {{1.5, -0.5, 0}}))
        .hasMessageContaining("probabilities");
    assertThatThrownBy(() -> objective.evaluate(logits, new double[][] {{Double.NaN, 0, 1}}))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> objective.evaluate(logits, new double[][] {{1, 0}}))
        .hasMessageContaining("has 2 classes, not 3");
    assertThatThrownBy(() -> objective.evaluate(logits, new double[0][]))
        .hasMessageContaining("0 samples, not for the 1");
  }
}
