package spikemlp.contract.job;

/**
 * A random rectangle of the normalised picture replaced by N(0, 1) noise, a number of its own for
 * every pixel and channel. Zhong et al., "Random Erasing Data Augmentation", 2020.
 *
 * @param probability of a picture to be erased at all, in [0, 1]; 0 for none
 * @param leastArea the rectangle's least share of the area, in [0.001, 1]
 * @param mostArea its largest, in [leastArea, 1]
 */
public record RandomErasing(double probability, double leastArea, double mostArea) {

  public static final RandomErasing OFF = of(0);

  public RandomErasing {
    new Ranges()
        .within("probability", probability, 0, 1)
        .within("leastArea", leastArea, 0.001, 1)
        .within("mostArea", mostArea, 0.001, 1)
        .ordered("leastArea", leastArea, "mostArea", mostArea)
        .check();
  }

  /** 2 % to a third of the area, as usual. */
  public static RandomErasing of(double probability) {
    return new RandomErasing(probability, 0.02, 1.0 / 3.0);
  }
}
