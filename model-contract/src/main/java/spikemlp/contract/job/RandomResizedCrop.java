package spikemlp.contract.job;

/**
 * A random part of the picture, brought back to the input's size: its share of the area is uniform
 * in [leastArea, mostArea], its width:height log-uniform in [leastAspect, mostAspect]. Szegedy et
 * al., "Going Deeper with Convolutions", 2015.
 *
 * @param leastArea in [0.001, 1]; 1 keeps the whole picture
 * @param mostArea in [leastArea, 1]
 * @param leastAspect in [0.1, 10]
 * @param mostAspect in [leastAspect, 10]
 */
public record RandomResizedCrop(
    double leastArea, double mostArea, double leastAspect, double mostAspect) {

  /** The whole picture, always. */
  public static final RandomResizedCrop OFF = new RandomResizedCrop(1, 1, 1, 1);

  /** The usual on ImageNet: 8 % to all of the area, 3:4 to 4:3. */
  public static final RandomResizedCrop USUAL =
      new RandomResizedCrop(0.08, 1, 3.0 / 4.0, 4.0 / 3.0);

  public RandomResizedCrop {
    new Ranges()
        .within("leastArea", leastArea, 0.001, 1)
        .within("mostArea", mostArea, 0.001, 1)
        .ordered("leastArea", leastArea, "mostArea", mostArea)
        .within("leastAspect", leastAspect, 0.1, 10)
        .within("mostAspect", mostAspect, 0.1, 10)
        .ordered("leastAspect", leastAspect, "mostAspect", mostAspect)
        .check();
  }

  /** Whether anything is cut away. */
  public boolean on() {
    return leastArea < 1;
  }
}
