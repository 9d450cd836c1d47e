package spikemlp.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import spikemlp.contract.job.Mixing;

final class BatchMixingTest {

  @Test
  void mixupAddsBothOfAPair() {
    float[] images = {1, 1, 1, 8, 8, 8, 5, 5, 5};
    BatchMixing.blend(images, 3, 0.75);
    assertThat(images).containsExactly(2, 2, 2, 8, 8, 8, 4, 4, 4);
    assertThat(BatchMixing.targets(new int[] {0, 1, 1}, 0.75, 3))
        .isDeepEqualTo(new double[][] {{0.75, 0.25, 0}, {0, 1, 0}, {0.25, 0.75, 0}});
  }

  @Test
  void cutMixExchangesTheBoxInEveryChannel() {
    float[] images = new float[2 * 3 * 2 * 3];
    Arrays.fill(images, 18, 36, 1);
    BatchMixing.exchange(images, 2, 2, 3, new Box(1, 1, 1, 2));
    float[] channel = {0, 0, 0, 0, 1, 1};
    for (int i = 0; i < 18; i++) {
      assertThat(images[i]).isEqualTo(channel[i % 6]);
      assertThat(images[18 + i]).isEqualTo(1 - channel[i % 6]);
    }
  }

  @Test
  void theWeightOfCutMixIsTheAreaThatWasReallyPasted() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      int height = 5 + i % 4;
      int width = 7;
      int picture = 3 * height * width;
      float[] images = new float[2 * picture];
      Arrays.fill(images, picture, 2 * picture, 1);
      double[][] targets =
          BatchMixing.mix(Mixing.of(0, 1), images, new int[] {0, 1}, height, width, 2, random);
      double pasted = 0;
      for (int j = 0; j < picture; j++) {
        pasted += images[j];
      }
      assertThat(targets[0][1]).isCloseTo(pasted / picture, within(1e-12));
      assertThat(targets[1][0]).isEqualTo(targets[0][1]);
    }
  }

  @Test
  void theWeightOfMixupIsThatOfThePixels() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 200; i++) {
      float[] images = new float[2 * 3 * 4];
      Arrays.fill(images, 12, 24, 1);
      double[][] targets =
          BatchMixing.mix(Mixing.of(0.8, 0), images, new int[] {0, 1}, 2, 2, 2, random);
      assertThat(images).contains((float) targets[0][1]).contains((float) targets[0][0]);
    }
  }

  @Test
  void everyRowOfTargetsSumsToOne() {
    SplittableRandom random = new SplittableRandom(3);
    int[] labels = {3, 0, 3, 1, 2};
    for (int i = 0; i < 500; i++) {
      double[][] targets =
          BatchMixing.mix(Mixing.of(0.8, 1), new float[5 * 3 * 16], labels, 4, 4, 5, random);
      for (double[] row : targets) {
        assertThat(Arrays.stream(row).sum()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(row)).allMatch(weight -> weight >= 0);
      }
      assertThat(targets[2][3]).isCloseTo(1, within(1e-12)); // the middle one is its own partner
      assertThat(targets[0][4] + targets[1][4]).isZero();
    }
  }

  @Test
  void bothKindsTakeTurnsEquallyOften() {
    SplittableRandom random = new SplittableRandom(4);
    int cut = 0;
    for (int i = 0; i < 4000; i++) {
      float[] images = new float[2 * 3 * 16];
      Arrays.fill(images, 48, 96, 1);
      BatchMixing.mix(Mixing.of(1, 1), images, new int[] {0, 1}, 4, 4, 2, random);
      boolean exchanged = true;
      for (float value : images) {
        exchanged &= value == 0 || value == 1;
      }
      cut += exchanged ? 1 : 0;
    }
    assertThat(cut / 4000.0).isCloseTo(0.5, within(0.03)); // standard error 0.008
  }

  @Test
  void theWeightsAreBetaDistributed() {
    // mean 1/2, variance 1 / (4·(2α + 1))
    for (double alpha : new double[] {0.001, 0.2, 0.8, 1, 4, 100}) {
      SplittableRandom random = new SplittableRandom(5);
      int draws = 50_000;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < draws; i++) {
        double lambda = BatchMixing.beta(alpha, random);
        assertThat(lambda).isBetween(0.0, 1.0);
        sum += lambda;
        squares += (lambda - 0.5) * (lambda - 0.5);
      }
      double variance = 1 / (4 * (2 * alpha + 1));
      assertThat(sum / draws).as("α = %s", alpha).isCloseTo(0.5, within(0.01));
      assertThat(squares / draws / variance).as("α = %s", alpha).isCloseTo(1, within(0.03));
    }
    // α = 1 is uniform: a quarter below 1/4
    SplittableRandom random = new SplittableRandom(6);
    int low = 0;
    for (int i = 0; i < 50_000; i++) {
      low += BatchMixing.beta(1, random) < 0.25 ? 1 : 0;
    }
    assertThat(low / 50_000.0).isCloseTo(0.25, within(0.01));
  }
}
