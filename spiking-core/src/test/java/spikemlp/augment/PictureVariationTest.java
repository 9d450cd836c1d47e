package spikemlp.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.image.Picture;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.ColorJitter;
import spikemlp.contract.job.RandAugment;
import spikemlp.contract.job.RandomErasing;
import spikemlp.contract.job.RandomResizedCrop;

final class PictureVariationTest {

  private static final int SIDE = 16;
  private static final ImagePreparation PREPARATION =
      new ImagePreparation(
          new InputSpec(
              SIDE, SIDE, InputSpec.Fit.COVER, List.of(0.5, 0.4, 0.3), List.of(0.2, 0.2, 0.2)));

  @Test
  void nothingOnChangesNothing() {
    byte[] before = Canvases.noise(SIDE, SIDE, 1).rgb();
    assertThat(vary(Augmentation.NONE, before, 1)).containsExactly(before);
  }

  @Test
  void theSameStreamGivesTheSameBytes() {
    byte[] before = Canvases.noise(SIDE, SIDE, 2).rgb();
    Augmentation.RECIPES.forEach((name, recipe) -> {
      PictureVariation used = new PictureVariation(recipe, PREPARATION);
      int others = 0;
      for (int seed = 0; seed < 50; seed++) {
        byte[] once = vary(used, before, seed);
        assertThat(vary(recipe, before, seed)).as(name).containsExactly(once);
        others += Arrays.equals(once, before) ? 0 : 1;
      }
      if (!name.equals("none")) {
        assertThat(others).as(name).isGreaterThan(40);
      }
    });
  }

  @Test
  void aResizedCropIsAPartOfThePictureBroughtBackToSize() {
    byte[] before = Canvases.noise(SIDE, SIDE, 3).rgb();
    RandomResizedCrop crop = new RandomResizedCrop(0.3, 0.5, 1, 1);
    Box box = Box.crop(crop, SIDE, SIDE, new SplittableRandom(7));
    byte[] expected =
        PREPARATION.part(
            new Picture(SIDE, SIDE, before), box.top(), box.left(), box.height(), box.width());
    assertThat(vary(Augmentation.NONE.with(crop), before, 7)).containsExactly(expected);
  }

  @Test
  void halfOfThePicturesAreMirrored() {
    byte[] before = Canvases.noise(SIDE, SIDE, 4).rgb();
    int mirrored = 0;
    for (int seed = 0; seed < 2000; seed++) {
      mirrored += Arrays.equals(vary(new Augmentation(0, true), before, seed), before) ? 0 : 1;
    }
    assertThat(mirrored / 2000.0).isCloseTo(0.5, within(0.045)); // standard error 0.011
  }

  @Test
  void everyOperationStaysWithinThePictureAtEveryLevel() {
    Tones tones = new Tones();
    for (RandomOperation operation : RandomOperation.values()) {
      for (int side : new int[] {1, 2, 3, 16}) {
        for (double level : new double[] {0, 0.05, 0.9, 1}) {
          for (int seed = 0; seed < 4; seed++) {
            Canvas canvas = Canvases.noise(side, side + 1, seed);
            operation.apply(canvas, tones, level, new SplittableRandom(seed));
            assertThat(canvas.rgb()).hasSize(3 * side * (side + 1));
          }
        }
      }
    }
    assertThat(RandomOperation.values()).hasSize(15);
  }

  @Test
  void atLevelZeroOnlyWhatHasNoLevelChangesThePicture() {
    Tones tones = new Tones();
    for (RandomOperation operation : RandomOperation.values()) {
      Canvas canvas = Canvases.noise(SIDE, SIDE, 5);
      byte[] before = canvas.rgb().clone();
      operation.apply(canvas, tones, 0, new SplittableRandom(1));
      boolean same = Arrays.equals(canvas.rgb(), before);
      switch (operation) {
        case AUTO_CONTRAST, EQUALIZE -> {} // they depend on the picture alone
        case INVERT, POSTERIZE -> assertThat(same).as("%s", operation).isFalse();
        default -> assertThat(same).as("%s", operation).isTrue();
      }
    }
  }

  @Test
  void eachOperationOfASetIsSkippedHalfOfTheTime() {
    byte[] before = Canvases.noise(SIDE, SIDE, 6).rgb(); // which every operation changes
    Augmentation one = Augmentation.NONE.with(new RandAugment(1, 9, 0));
    int changed = 0;
    for (int seed = 0; seed < 4000; seed++) {
      changed += Arrays.equals(vary(one, before, seed), before) ? 0 : 1;
    }
    assertThat(changed / 4000.0).isCloseTo(0.5, within(0.035)); // standard error 0.008
  }

  @Test
  void jitterWithOneStrengthKeepsToIt() {
    byte[] before = new byte[3 * SIDE * SIDE];
    Arrays.fill(before, (byte) 100);
    Augmentation brightness = Augmentation.NONE.with(new ColorJitter(0.4, 0, 0));
    double mean = 0;
    for (int seed = 0; seed < 4000; seed++) {
      byte[] varied = vary(brightness, before, seed);
      assertThat(varied).containsOnly(varied[0]);
      assertThat(varied[0] & 0xFF).isBetween(60, 140);
      mean += (varied[0] & 0xFF) / 4000.0;
    }
    assertThat(mean).isCloseTo(99.5, within(1.5)); // fractions are dropped; standard error 0.37
    // a plain grey picture has neither contrast nor saturation to vary
    Augmentation others = Augmentation.NONE.with(new ColorJitter(0, 1, 1));
    assertThat(vary(others, before, 1)).containsExactly(before);
  }

  @Test
  void erasingTakesTheShareOfPicturesAskedForAndLeavesTheRest() {
    PictureVariation variation =
        new PictureVariation(Augmentation.NONE.with(RandomErasing.of(0.25)), PREPARATION);
    int plane = SIDE * SIDE;
    int erased = 0;
    double sum = 0;
    double squares = 0;
    long values = 0;
    for (int seed = 0; seed < 4000; seed++) {
      float[] images = new float[3 * 3 * plane];
      Arrays.fill(images, 99);
      variation.erase(images, 3 * plane, new SplittableRandom(seed));
      int noise = 0;
      for (int i = 0; i < images.length; i++) {
        if (images[i] != 99) {
          assertThat(i).isBetween(3 * plane, 6 * plane - 1);
          assertThat(images[3 * plane + i % plane]).isNotEqualTo(99);
          noise++;
          sum += images[i];
          squares += images[i] * (double) images[i];
        }
      }
      assertThat(noise % 3).isZero();
      assertThat(noise).isLessThanOrEqualTo(3 * plane * 2 / 5);
      values += noise;
      erased += noise > 0 ? 1 : 0;
    }
    assertThat(erased / 4000.0).isCloseTo(0.25, within(0.03)); // standard error 0.007
    assertThat(sum / values).isCloseTo(0, within(0.02));
    assertThat(squares / values).isCloseTo(1, within(0.03));
  }

  private static byte[] vary(Augmentation augmentation, byte[] picture, long seed) {
    return vary(new PictureVariation(augmentation, PREPARATION), picture, seed);
  }

  private static byte[] vary(PictureVariation variation, byte[] picture, long seed) {
    System.arraycopy(picture, 0, variation.pixels(), 0, picture.length);
    variation.place(new SplittableRandom(seed));
    variation.colour(new SplittableRandom(~seed));
    return variation.pixels().clone();
  }
}
