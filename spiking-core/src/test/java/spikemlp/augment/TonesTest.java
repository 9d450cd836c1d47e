package spikemlp.augment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TonesTest {

  private final Tones tones = new Tones();

  @Test
  void invertingTwiceIsNothing() {
    Canvas canvas = Canvases.grey(1, 4, 0, 1, 200, 255);
    tones.invert(canvas);
    assertThat(Canvases.channel(canvas, 0)).containsExactly(255, 254, 55, 0);
    tones.invert(canvas);
    assertThat(Canvases.channel(canvas, 2)).containsExactly(0, 1, 200, 255);
  }

  @Test
  void posterizeKeepsTheHighestBits() {
    assertPosterized(8, 0, 15, 16, 200, 255);
    assertPosterized(4, 0, 0, 16, 192, 240);
    assertPosterized(1, 0, 0, 0, 128, 128);
    assertPosterized(0, 0, 0, 0, 0, 0);
  }

  private void assertPosterized(int bits, int... expected) {
    Canvas canvas = Canvases.grey(1, 5, 0, 15, 16, 200, 255);
    tones.posterize(canvas, bits);
    assertThat(Canvases.channel(canvas, 1)).as(bits + " bits").containsExactly(expected);
  }

  @Test
  void solarizeInvertsFromTheThresholdOn() {
    Canvas canvas = Canvases.grey(1, 4, 0, 99, 100, 255);
    tones.solarize(canvas, 100);
    assertThat(Canvases.channel(canvas, 0)).containsExactly(0, 99, 155, 0);
    Canvas untouched = Canvases.grey(1, 4, 0, 99, 100, 255);
    tones.solarize(untouched, 256);
    assertThat(Canvases.channel(untouched, 0)).containsExactly(0, 99, 100, 255);
  }

  @Test
  void solarizeAddBrightensWhatIsDark() {
    Canvas canvas = Canvases.grey(1, 4, 0, 127, 128, 250);
    tones.solarizeAdd(canvas, 130);
    assertThat(Canvases.channel(canvas, 0)).containsExactly(130, 255, 128, 250);
  }

  @Test
  void brightnessMultiplies() {
    Canvas canvas = Canvases.grey(1, 4, 0, 3, 100, 200);
    tones.brightness(canvas, 1.5f);
    assertThat(Canvases.channel(canvas, 0)).containsExactly(0, 4, 150, 255);
    tones.brightness(canvas, 0);
    assertThat(Canvases.channel(canvas, 0)).containsOnly(0);
  }

  @Test
  void contrastGoesFromTheMeanLuma() {
    // luma of red 255 is 76, of black 0: mean 38
    Canvas canvas = Canvases.colours(1, 2, 255, 0, 0, 0, 0, 0);
    tones.contrast(canvas, 0.5f);
    assertThat(Canvases.values(canvas)).containsExactly(146, 19, 19, 19, 19, 19);
    tones.contrast(canvas, 0);
    // luma 57 and 19
    assertThat(Canvases.values(canvas)).containsOnly(38);
  }

  @Test
  void aFactorOfOneIsNothing() {
    Canvas canvas = Canvases.noise(6, 5, 4);
    byte[] before = canvas.rgb().clone();
    tones.contrast(canvas, 1);
    tones.brightness(canvas, 1);
    Blends.color(canvas, 1);
    Blends.sharpness(canvas, 1);
    assertThat(canvas.rgb()).containsExactly(before);
  }

  @Test
  void autoContrastStretchesEachChannelByItself() {
    Canvas canvas = Canvases.colours(1, 3, 50, 7, 0, 100, 7, 1, 150, 7, 255);
    tones.autoContrast(canvas);
    assertThat(Canvases.values(canvas)).containsExactly(0, 7, 0, 127, 7, 1, 255, 7, 255);
  }

  @Test
  void equalizingMakesValuesEquallyFrequent() {
    // 512 pixels: 100 and 101 in turn 256 times each: step ⌊256 / 255⌋ = 1
    Canvas two = Canvases.grey(16, 32, IntStream.range(0, 512).map(i -> 100 + i % 2).toArray());
    tones.equalize(two);
    assertThat(Canvases.channel(two, 0)).startsWith(0, 255, 0).containsOnly(0, 255);
    // every value twice, but 127, whose two are 255: (512 − 4) / 255 = 1, v → pixels below v
    Canvas ramp =
        Canvases.grey(
            16, 32, IntStream.range(0, 512).map(i -> i / 2 == 127 ? 255 : i / 2).toArray());
    tones.equalize(ramp);
    assertThat(Canvases.channel(ramp, 1))
        .containsExactly(
            IntStream.range(0, 512)
                .map(i -> i < 254 ? i / 2 * 2 : i < 256 ? 255 : Math.min(255, i / 2 * 2 - 2))
                .toArray());
    // too few pixels for a step: left as it is
    Canvas small = Canvases.noise(4, 4, 5);
    byte[] before = small.rgb().clone();
    tones.equalize(small);
    assertThat(small.rgb()).containsExactly(before);
  }

  @Test
  void colorGoesFromTheLuma() {
    Canvas canvas = Canvases.colours(1, 2, 255, 0, 0, 10, 10, 10);
    Blends.color(canvas, 0.5f);
    assertThat(Canvases.values(canvas)).containsExactly(165, 38, 38, 10, 10, 10);
    Canvas grey = Canvases.colours(1, 2, 255, 0, 0, 0, 255, 0);
    Blends.color(grey, 0);
    assertThat(Canvases.values(grey)).containsExactly(76, 76, 76, 150, 150, 150);
  }

  @Test
  void sharpnessGoesFromTheMeanAround() {
    // smooth in the middle: (5·130 + 8·0) / 13 = 50
    Canvas smooth = Canvases.grey(3, 3, 0, 0, 0, 0, 130, 0, 0, 0, 0);
    Blends.sharpness(smooth, 0);
    assertThat(Canvases.channel(smooth, 0)).containsExactly(0, 0, 0, 0, 50, 0, 0, 0, 0);
    Canvas sharp = Canvases.grey(3, 3, 0, 0, 0, 0, 130, 0, 0, 0, 0);
    Blends.sharpness(sharp, 1.5f);
    assertThat(Canvases.channel(sharp, 2)).containsExactly(0, 0, 0, 0, 170, 0, 0, 0, 0);
    Canvas low = Canvases.grey(2, 2, 1, 2, 3, 4);
    Blends.sharpness(low, 0);
    assertThat(Canvases.channel(low, 0)).containsExactly(1, 2, 3, 4);
  }
}
