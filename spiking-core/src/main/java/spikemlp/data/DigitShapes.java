package spikemlp.data;

import java.util.List;

/**
 * The digits as strokes in a box one high and about two thirds wide, its middle at (0, 0), y
 * downward. A stroke is a curve through its points (Catmull-Rom) or straight lines between them;
 * digits that people write in more ways than one have more than one shape.
 */
final class DigitShapes {

  /**
   * One line of the pen.
   *
   * @param curved whether the points are joined by a curve
   * @param points x, y, x, y, …
   */
  record Stroke(boolean curved, double... points) {}

  private static final List<List<List<Stroke>>> SHAPES =
      List.of(
          List.of(
              shape(
                  curve(
                      0, -.5, -.26, -.32, -.32, 0, -.26, .32, 0, .5, .26, .32, .32, 0, .26, -.32, 0,
                      -.5)),
              shape(
                  curve(
                      .02, -.5, -.2, -.36, -.25, 0, -.2, .36, 0, .5, .2, .36, .25, 0, .2, -.36, .02,
                      -.5))),
          List.of(
              shape(lines(0, -.5, 0, .5)),
              shape(lines(-.2, -.28, .04, -.5, .04, .5)),
              shape(lines(-.18, -.3, .02, -.5, .02, .5), lines(-.2, .5, .24, .5))),
          List.of(
              shape(
                  curve(
                      -.28, -.3, -.2, -.45, 0, -.5, .22, -.42, .27, -.22, .12, .06, -.1, .28, -.3,
                      .5),
                  lines(-.3, .5, .32, .5)),
              shape(
                  curve(
                      -.26, -.34, -.08, -.5, .18, -.46, .27, -.26, .16, -.02, -.08, .26, -.28, .48),
                  curve(-.28, .48, -.05, .42, .12, .5, .32, .44))),
          List.of(
              shape(
                  curve(-.26, -.4, -.02, -.5, .2, -.42, .24, -.24, .14, -.07, -.08, -.02),
                  curve(-.08, -.02, .18, .04, .29, .22, .2, .43, -.04, .5, -.3, .38)),
              shape(
                  lines(-.26, -.5, .26, -.5, -.02, -.1),
                  curve(-.02, -.1, .22, -.02, .28, .2, .18, .43, -.06, .5, -.28, .38))),
          List.of(
              shape(lines(.14, .5, .14, -.5, -.32, .18, .34, .18)),
              shape(lines(-.2, -.48, -.28, .08, .32, .08), lines(.16, -.3, .16, .5))),
          List.of(
              shape(
                  lines(.28, -.5, -.2, -.5, -.24, -.06),
                  curve(-.24, -.06, .02, -.14, .24, -.02, .29, .2, .16, .44, -.08, .5, -.3, .4)),
              shape(
                  lines(.26, -.48, -.2, -.5, -.22, -.04),
                  curve(-.22, -.04, .1, -.1, .27, .1, .22, .36, -.02, .5, -.28, .42))),
          List.of(
              shape(
                  curve(
                      .2, -.48, -.08, -.36, -.25, -.08, -.3, .2, -.2, .44, .02, .5, .24, .4, .29,
                      .2, .2, .02, 0, -.04, -.2, .06, -.29, .22)),
              shape(
                  curve(
                      .08, -.5, -.14, -.26, -.27, .06, -.26, .32, -.08, .49, .14, .47, .27, .28, .2,
                      .06, .02, 0, -.16, .08, -.27, .24))),
          List.of(
              shape(lines(-.3, -.5, .3, -.5, -.08, .5)),
              shape(lines(-.3, -.46, .3, -.5), curve(.3, -.5, .1, -.16, -.02, .16, -.06, .5)),
              shape(lines(-.3, -.5, .3, -.5, -.06, .5), lines(-.18, 0, .26, 0))),
          List.of(
              shape(
                  curve(
                      0, -.03, -.2, -.12, -.24, -.28, -.16, -.44, 0, -.5, .16, -.44, .24, -.28, .2,
                      -.12, 0, -.03),
                  curve(
                      0, -.03, -.22, .08, -.29, .25, -.2, .43, 0, .5, .2, .43, .29, .25, .22, .08,
                      0, -.03))),
          List.of(
              shape(
                  curve(
                      .27, -.24, .18, -.06, 0, .02, -.2, -.04, -.28, -.22, -.2, -.42, 0, -.5, .2,
                      -.44, .28, -.24, .26, .06, .14, .34, -.02, .5)),
              shape(
                  curve(
                      .24, -.2, .1, -.02, -.12, -.02, -.26, -.18, -.24, -.38, -.06, -.5, .14, -.46,
                      .25, -.3, .24, -.2),
                  lines(.24, -.24, .2, .5))));

  private DigitShapes() {}

  /** The ways to write a digit. */
  static List<List<Stroke>> of(int digit) {
    return SHAPES.get(digit);
  }

  private static List<Stroke> shape(Stroke... strokes) {
    return List.of(strokes);
  }

  private static Stroke curve(double... points) {
    return new Stroke(true, points);
  }

  private static Stroke lines(double... points) {
    return new Stroke(false, points);
  }
}
