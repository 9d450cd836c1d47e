package spikemlp.contract.job;

/**
 * Operations drawn at random from a set of fifteen, each skipped half of the time, at a magnitude
 * from N(magnitude, magnitudeSpread²) cut to [0, 10]. Cubuk et al., "RandAugment: Practical
 * Automated Data Augmentation with a Reduced Search Space", 2020.
 *
 * @param operations n, how many are drawn per picture, 0 to 15; 0 for none
 * @param magnitude m, 0 to 10
 * @param magnitudeSpread mstd, 0 to 10
 */
public record RandAugment(int operations, double magnitude, double magnitudeSpread) {

  /** The top of the magnitude's scale. */
  public static final double MOST = 10;

  public static final RandAugment OFF = new RandAugment(0, 0, 0);

  /** m9 n2 mstd 0.5. */
  public static final RandAugment USUAL = new RandAugment(2, 9, 0.5);

  public RandAugment {
    new Ranges()
        .within("operations", operations, 0, 15)
        .within("magnitude", magnitude, 0, MOST)
        .within("magnitudeSpread", magnitudeSpread, 0, MOST)
        .check();
  }
}
