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
  /**
   * SGD, momentum 0.9, along a cosine; images varied as is usual for their data set, or from 65
   * pixels on by random resized crops.
   */
  SIMPLE(0),
  /** The same with strongly varied images and label smoothing 0.1. */
  STRONG(0.1);

  /** Up to this side a random part of 8 % of the area holds too little to be told. */
  private static final int SMALL_SIDE = 64;

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
   * How images are varied: the paper's way, but for pictures of which its random parts would leave
   * too little.
   *
   * @param usual as suits the data set; who does not mirror is not mirrored here either
   * @param side the shorter side of what the network is given, in pixels
   */
  public Augmentation augmentation(Augmentation usual, int side) {
    boolean small = side <= SMALL_SIDE;
    return switch (this) {
      case SIMPLE -> small ? usual : mirrored(Augmentation.SIMPLE, usual);
      case STRONG -> mirrored(small ? Augmentation.STRONG_SMALL : Augmentation.STRONG, usual);
    };
  }

  private static Augmentation mirrored(Augmentation chosen, Augmentation usual) {
    return new Augmentation(
        chosen.cropPadding(),
        usual.horizontalFlip(),
        chosen.resizedCrop(),
        chosen.randAugment(),
        chosen.colorJitter(),
        chosen.randomErasing(),
        chosen.mixing());
  }
}
