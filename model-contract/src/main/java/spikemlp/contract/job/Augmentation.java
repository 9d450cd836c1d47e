package spikemlp.contract.job;

/**
 * How training images are varied.
 *
 * @param cropPadding pixels of zero padding on each side before a random crop; 0 for none
 * @param horizontalFlip whether half of the images are mirrored
 */
public record Augmentation(int cropPadding, boolean horizontalFlip) {

  /** No variation. */
  public static final Augmentation NONE = new Augmentation(0, false);

  /** Pad 4 and crop, flip: the usual for 32×32 photographs. */
  public static final Augmentation CROP_AND_FLIP = new Augmentation(4, true);

  public Augmentation {
    if (cropPadding < 0) {
      throw new IllegalArgumentException("cropPadding must be 0 or more, not " + cropPadding);
    }
  }
}
