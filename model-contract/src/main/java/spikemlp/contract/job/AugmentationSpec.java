package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;

/**
 * How a job varies its images. What is null is taken from the named augmentation, or else from the
 * training's recipe.
 *
 * @param recipe a name of {@link Augmentation#RECIPES}
 * @param resizedCrop a random part; on, it takes the place of the padded crop
 */
public record AugmentationSpec(
    @Nullable String recipe,
    @Nullable RandomResizedCrop resizedCrop,
    @Nullable RandAugment randAugment,
    @Nullable ColorJitter colorJitter,
    @Nullable RandomErasing randomErasing,
    @Nullable Mixing mixing) {

  /** Nothing named. */
  public static final AugmentationSpec NONE =
      new AugmentationSpec(null, null, null, null, null, null);

  /**
   * The augmentation asked for.
   *
   * @param usual what is taken where nothing is named
   * @param cropPadding the request's, if it names one
   * @param horizontalFlip the request's, if it names one
   * @throws spikemlp.contract.network.InvalidConfigurationException naming what is wrong
   */
  Augmentation resolve(
      Augmentation usual, @Nullable Integer cropPadding, @Nullable Boolean horizontalFlip) {
    Augmentation base = recipe == null ? usual : Augmentation.recipe(recipe);
    RandomResizedCrop crop = resizedCrop == null ? base.resizedCrop() : resizedCrop;
    boolean cropsAlready = resizedCrop != null && resizedCrop.on();
    boolean pads = cropPadding != null && cropPadding > 0 && resizedCrop == null;
    return new Augmentation(
        cropPadding != null ? cropPadding : cropsAlready ? 0 : base.cropPadding(),
        horizontalFlip == null ? base.horizontalFlip() : horizontalFlip,
        pads ? RandomResizedCrop.OFF : crop,
        randAugment == null ? base.randAugment() : randAugment,
        colorJitter == null ? base.colorJitter() : colorJitter,
        randomErasing == null ? base.randomErasing() : randomErasing,
        mixing == null ? base.mixing() : mixing);
  }
}
