package spikemlp.launcher;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import spikemlp.contract.job.TrainingSpec;
import spikemlp.contract.network.Loss;

/** The training's options; what is not given takes the trainer's default. */
final class TrainingOptions {

  @Option(names = "--epochs", description = "Passes over the training images (5).")
  private @Nullable Integer epochs;

  @Option(names = "--batch-size", description = "Images a step (64).")
  private @Nullable Integer batchSize;

  @Option(names = "--learning-rate", description = "At the first step (0.1).")
  private @Nullable Double learningRate;

  @Option(names = "--momentum", description = "In [0, 1) (0.9).")
  private @Nullable Double momentum;

  @Option(names = "--weight-decay", description = "In [0, 1) (0).")
  private @Nullable Double weightDecay;

  @Option(names = "--loss", description = "${COMPLETION-CANDIDATES} (MEAN).")
  private @Nullable Loss loss;

  @Option(names = "--tet-lambda", description = "λ of the TET loss (0.05).")
  private @Nullable Double tetLambda;

  @Option(names = "--crop-padding", description = "Pixels padded before a random crop.")
  private @Nullable Integer cropPadding;

  @Option(
      names = "--horizontal-flip",
      arity = "1",
      description = "Whether half of the images are mirrored.")
  private @Nullable Boolean horizontalFlip;

  @Option(names = "--seed", description = "Of initialisation, order and augmentation (1).")
  private @Nullable Long seed;

  TrainingSpec spec() {
    return new TrainingSpec(
        epochs,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        loss,
        tetLambda,
        cropPadding,
        horizontalFlip,
        seed);
  }
}
