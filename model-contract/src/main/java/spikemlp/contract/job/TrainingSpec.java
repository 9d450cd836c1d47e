package spikemlp.contract.job;

import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.Loss;

/**
 * How a job trains. What is null takes its default: 5 epochs, batch 64, learning rate 0.1, momentum
 * 0.9, weight decay 0, mean loss, pad 4 and crop with flip (digits: crop alone), seed 1.
 */
public record TrainingSpec(
    @Nullable Integer epochs,
    @Nullable Integer batchSize,
    @Nullable Double learningRate,
    @Nullable Double momentum,
    @Nullable Double weightDecay,
    @Nullable Loss loss,
    @Nullable Double tetLambda,
    @Nullable Integer cropPadding,
    @Nullable Boolean horizontalFlip,
    @Nullable Long seed) {

  /** Every value at its default. */
  public static final TrainingSpec DEFAULT =
      new TrainingSpec(null, null, null, null, null, null, null, null, null, null);

  /**
   * The plan asked for.
   *
   * @param usual the augmentation that suits the data set, used unless the request names its own
   * @throws spikemlp.contract.network.InvalidConfigurationException naming every wrong number
   */
  public TrainingPlan resolve(Augmentation usual) {
    return new TrainingPlan(
        epochs == null ? 5 : epochs,
        batchSize == null ? 64 : batchSize,
        learningRate == null ? 0.1 : learningRate,
        momentum == null ? 0.9 : momentum,
        weightDecay == null ? 0.0 : weightDecay,
        loss == null ? Loss.MEAN : loss,
        tetLambda == null ? 0.05 : tetLambda,
        new Augmentation(
            cropPadding == null ? usual.cropPadding() : cropPadding,
            horizontalFlip == null ? usual.horizontalFlip() : horizontalFlip),
        seed == null ? 1L : seed);
  }
}
