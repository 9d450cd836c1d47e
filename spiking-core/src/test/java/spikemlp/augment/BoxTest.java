package spikemlp.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import spikemlp.contract.job.RandomResizedCrop;

final class BoxTest {

  private static final int DRAWS = 20_000;

  @Test
  void cropsStayInsideAndWithinTheirAreaAndAspect() {
    SplittableRandom random = new SplittableRandom(1);
    double area = 0;
    for (int i = 0; i < DRAWS; i++) {
      Box box = Box.crop(new RandomResizedCrop(0.2, 0.6, 0.75, 4 / 3.0), 100, 200, random);
      assertInside(box, 100, 200);
      double share = box.area() / 20_000.0;
      area += share / DRAWS;
      assertThat(share).isBetween(0.19, 0.61);
      assertThat((double) box.width() / box.height()).isBetween(0.73, 1.37);
    }
    // 0.4 but for the largest, of which those too high for the picture are drawn again
    assertThat(area).isBetween(0.36, 0.41);
  }

  @Test
  void smallCropsHaveTheMeanOfTheirRange() {
    SplittableRandom random = new SplittableRandom(2);
    double area = 0;
    double logAspect = 0;
    for (int i = 0; i < DRAWS; i++) {
      Box box = Box.crop(new RandomResizedCrop(0.05, 0.25, 0.5, 2), 224, 224, random);
      area += box.area() / (224.0 * 224) / DRAWS;
      logAspect += Math.log((double) box.width() / box.height()) / DRAWS;
    }
    assertThat(area).isCloseTo(0.15, within(0.002)); // standard error 0.0004
    assertThat(logAspect).isCloseTo(0, within(0.015)); // standard error 0.003
  }

  @Test
  void aCropThatNeverFitsIsTheLargestInTheCentre() {
    SplittableRandom random = new SplittableRandom(3);
    RandomResizedCrop wide = new RandomResizedCrop(0.9, 0.9, 4, 4);
    assertThat(Box.crop(wide, 40, 40, random)).isEqualTo(new Box(15, 0, 10, 40));
    RandomResizedCrop high = new RandomResizedCrop(0.9, 0.9, 0.25, 0.25);
    assertThat(Box.crop(high, 40, 40, random)).isEqualTo(new Box(0, 15, 40, 10));
    assertThat(Box.crop(RandomResizedCrop.USUAL, 1, 1, random)).isEqualTo(new Box(0, 0, 1, 1));
  }

  @Test
  void erasedBoxesStayInsideAndWithinTheirArea() {
    SplittableRandom random = new SplittableRandom(4);
    double area = 0;
    for (int i = 0; i < DRAWS; i++) {
      Box box = Box.erased(0.02, 1 / 3.0, 64, 64, random).orElseThrow();
      assertInside(box, 64, 64);
      double share = box.area() / 4096.0;
      assertThat(share).isBetween(0.017, 0.345);
      area += share / DRAWS;
    }
    assertThat(area).isBetween(0.165, 0.18); // 0.1767 but for those that are drawn again
    assertThat(Box.erased(0.5, 0.5, 1, 1, random)).isEqualTo(Optional.empty());
  }

  @Test
  void pastedBoxesHaveTheirShareUnlessTheBorderCutsThem() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < DRAWS; i++) {
      Box box = Box.pasted(0.75, 32, 64, random);
      assertInside(box, 32, 64);
      assertThat(box.area()).isLessThanOrEqualTo(16 * 32);
    }
    assertThat(Box.pasted(1, 32, 32, random).area()).isZero();
    int whole = 0;
    for (int i = 0; i < DRAWS; i++) {
      whole += Box.pasted(0.75, 32, 32, random).area() == 16 * 16 ? 1 : 0;
    }
    // a centre from 8 to 24 on both axes: (17 / 32)²
    assertThat((double) whole / DRAWS).isCloseTo(0.282, within(0.015));
  }

  private static void assertInside(Box box, int height, int width) {
    assertThat(box.top()).isNotNegative();
    assertThat(box.left()).isNotNegative();
    assertThat(box.height()).isNotNegative();
    assertThat(box.width()).isNotNegative();
    assertThat(box.top() + box.height()).isLessThanOrEqualTo(height);
    assertThat(box.left() + box.width()).isLessThanOrEqualTo(width);
  }
}
