package spikemlp.contract.job;

/**
 * Brightness, contrast and saturation, in random order, each blended with a factor uniform in
 * [max(0, 1 − strength), 1 + strength]; 0 leaves it as it is.
 *
 * @param brightness strength in [0, 1]
 * @param contrast strength in [0, 1]
 * @param saturation strength in [0, 1]
 */
public record ColorJitter(double brightness, double contrast, double saturation) {

  public static final ColorJitter OFF = of(0);

  public ColorJitter {
    new Ranges()
        .within("brightness", brightness, 0, 1)
        .within("contrast", contrast, 0, 1)
        .within("saturation", saturation, 0, 1)
        .check();
  }

  /** All three equally strong. */
  public static ColorJitter of(double strength) {
    return new ColorJitter(strength, strength, strength);
  }

  /** Whether any of them varies. */
  public boolean on() {
    return brightness > 0 || contrast > 0 || saturation > 0;
  }
}
