package spikemlp.augment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class GeometryTest {

  @Test
  void aShiftShowsZerosWhereThePictureEnds() {
    Canvas canvas = Canvases.grey(2, 3, 1, 2, 3, 4, 5, 6);
    Geometry.shift(canvas, 1, -1, false);
    assertThat(Canvases.channel(canvas, 0)).containsExactly(0, 4, 5, 0, 0, 0);
    canvas = Canvases.grey(2, 3, 1, 2, 3, 4, 5, 6);
    Geometry.shift(canvas, 0, 1, true);
    assertThat(Canvases.channel(canvas, 2)).containsExactly(0, 3, 2, 0, 6, 5);
  }

  @Test
  void mirroringTwiceIsNothing() {
    Canvas canvas = Canvases.colours(1, 2, 1, 2, 3, 4, 5, 6);
    Geometry.mirror(canvas);
    assertThat(Canvases.values(canvas)).containsExactly(4, 5, 6, 1, 2, 3);
    for (int width : new int[] {1, 3, 7, 8, 13}) {
      Canvas noise = Canvases.noise(5, width, 1);
      byte[] before = noise.rgb().clone();
      Geometry.mirror(noise);
      Geometry.mirror(noise);
      assertThat(noise.rgb()).containsExactly(before);
    }
  }

  @Test
  void aQuarterTurnIsCounterClockwise() {
    Canvas canvas = Canvases.grey(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    Geometry.rotate(canvas, 90);
    assertThat(Canvases.channel(canvas, 0)).containsExactly(3, 6, 9, 2, 5, 8, 1, 4, 7);
    Geometry.rotate(canvas, 180);
    Geometry.rotate(canvas, 90);
    assertThat(Canvases.channel(canvas, 1)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void turnedCornersShowTheFill() {
    Canvas canvas = Canvases.noise(8, 8, 2);
    Geometry.rotate(canvas, 45);
    assertThat(canvas.rgb()).startsWith(9, 8, 7).endsWith(9, 8, 7);
  }

  @Test
  void aShearMovesEachRowByItsMiddle() {
    // rows at 0.5 and 1.5: shown from 0.5 and 1.5 pixels further right on
    Canvas canvas = Canvases.grey(2, 4, 10, 20, 30, 40, 50, 60, 70, 80);
    Geometry.shearX(canvas, 1);
    assertThat(Canvases.channel(canvas, 0)).containsExactly(15, 25, 35, 9, 65, 75, 9, 9);
    Canvas high = Canvases.grey(4, 2, 10, 50, 20, 60, 30, 70, 40, 80);
    Geometry.shearY(high, 1);
    assertThat(Canvases.channel(high, 0)).containsExactly(15, 65, 25, 75, 35, 9, 9, 9);
  }

  @Test
  void aTranslationLeavesTheFillBehind() {
    Canvas canvas = Canvases.grey(2, 3, 10, 20, 30, 40, 50, 60);
    Geometry.translateX(canvas, 1);
    assertThat(Canvases.channel(canvas, 1)).containsExactly(20, 30, 8, 50, 60, 8);
    Geometry.translateY(canvas, -1);
    assertThat(Canvases.channel(canvas, 1)).containsExactly(8, 8, 8, 20, 30, 8);
    canvas = Canvases.grey(1, 3, 10, 20, 31);
    Geometry.translateX(canvas, -0.25);
    // at 0.25, 1.25, 2.25 of the edges: the border repeated, then 3/4 of one and 1/4 of the other
    assertThat(Canvases.channel(canvas, 0)).containsExactly(10, 18, 28);
  }

  @Test
  void moveByNothingIsNothing() {
    Canvas canvas = Canvases.noise(7, 13, 3);
    byte[] before = canvas.rgb().clone();
    Geometry.rotate(canvas, 0);
    Geometry.shearX(canvas, 0);
    Geometry.shearY(canvas, 0);
    Geometry.translateX(canvas, 0);
    Geometry.translateY(canvas, 0);
    Geometry.shift(canvas, 0, 0, false);
    assertThat(canvas.rgb()).containsExactly(before);
  }
}
