package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import spikemlp.contract.network.Loss;

final class ObjectiveTest {

  private static final double[][] TARGETS = {{0.7, 0.3, 0, 0}, {0, 0, 1, 0}, {0.1, 0.2, 0.3, 0.4}};

  @Test
  void softTargetsWeighTheCrossEntropies() {
    double[][][] logits = {{{2, 0, 0, 0}}};
    Objective.Result result =
        new Objective(Loss.MEAN, 0, 1).evaluate(logits, new double[][] {{0.25, 0.75, 0, 0}});
    double sum = Math.exp(2) + 3;
    assertThat(result.loss()).isCloseTo(Math.log(sum) - 0.25 * 2, within(1e-12));
    assertThat(result.dLogits()[0][0])
        .containsExactly(
            new double[] {Math.exp(2) / sum - 0.25, 1 / sum - 0.75, 1 / sum, 1 / sum},
            within(1e-12));
    assertThat(result.correct()).isZero();
  }

  @Test
  void aLabelIsItsOwnTarget() {
    double[][][] logits = logits(5);
    for (Loss loss : Loss.values()) {
      Objective objective = new Objective(loss, 0.05, 1);
      Objective.Result hard = objective.evaluate(logits, new int[] {1, 3, 0});
      Objective.Result soft =
          objective.evaluate(logits, new double[][] {{0, 1, 0, 0}, {0, 0, 0, 1}, {1, 0, 0, 0}});
      assertThat(hard.loss()).isEqualTo(soft.loss());
      assertThat(hard.correct()).isEqualTo(soft.correct());
      assertThat(hard.dLogits()).isDeepEqualTo(soft.dLogits());
    }
  }

  @Test
  void theGradientIsThatOfTheLoss() {
    for (Loss loss : Loss.values()) {
      Objective objective = new Objective(loss, 0.05, 1);
      double[][][] logits = logits(6);
      double[][][] gradient = objective.evaluate(logits, TARGETS).dLogits();
      for (double[][] sample : logits) {
        for (double[] step : sample) {
          for (int k = 0; k < step.length; k++) {
            double value = step[k];
            step[k] = value + 1e-5;
            double above = objective.evaluate(logits, TARGETS).loss();
            step[k] = value - 1e-5;
            double below = objective.evaluate(logits, TARGETS).loss();
            step[k] = value;
            double expected = (above - below) / 2e-5;
            int b = Arrays.asList(logits).indexOf(sample);
            int t = Arrays.asList(sample).indexOf(step);
            assertThat(gradient[b][t][k]).isCloseTo(expected, within(1e-8));
          }
        }
      }
    }
  }

  private static double[][][] logits(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][][] logits = new double[3][2][4];
    for (double[][] sample : logits) {
      for (double[] step : sample) {
        for (int k = 0; k < step.length; k++) {
          step[k] = 2 * random.nextGaussian();
        }
      }
    }
    return logits;
  }
}
