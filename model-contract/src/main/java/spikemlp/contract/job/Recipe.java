package spikemlp.contract.job;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Named values of a training, each of which a request may override.
 *
 * @see <a href="https://arxiv.org/abs/2306.12465">the paper's section on training</a>
 */
public enum Recipe {
  /** SGD, momentum 0.9, along a cosine; images varied as is usual for their data set. */
  SIMPLE(0),
  /** The same with strongly varied images and label smoothing 0.1. */
  STRONG(0.1);

  private final double labelSmoothing;

  Recipe(double labelSmoothing) {
    this.labelSmoothing = labelSmoothing;
  }

  /**
   * The recipe of that label.
   *
   * @throws IllegalArgumentException if there is none, naming those that there are
   */
  public static Recipe named(String label) {
    return Arrays.stream(values())
        .filter(recipe -> recipe.label().equals(label.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "is no recipe; there are "
                    + Arrays.stream(values())
                        .map(Recipe::label)
                        .collect(Collectors.joining(", "))));
  }

  /** Its name in requests. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public double labelSmoothing() {
    return labelSmoothing;
  }

  /**
   * How images are varied.
   *
   * @param usual as suits the data set
   */
  public Augmentation augmentation(Augmentation usual) {
    return switch (this) {
      case SIMPLE, STRONG -> usual;
    };
  }
}
