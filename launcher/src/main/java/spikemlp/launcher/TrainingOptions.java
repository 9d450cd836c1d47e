package spikemlp.launcher;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import spikemlp.contract.job.AugmentationSpec;
import spikemlp.contract.job.LearningRateSchedule;
import spikemlp.contract.job.Optimizer;
import spikemlp.contract.job.ScheduleSpec;
import spikemlp.contract.job.TrainingSpec;
import spikemlp.contract.network.Loss;

/** The training's options; what is not given takes the trainer's default. */
final class TrainingOptions {

  @Option(names = "--epochs", description = "Passes over the training images (5).")
  private @Nullable Integer epochs;

  @Option(names = "--batch-size", description = "Images a step (64).")
  private @Nullable Integer batchSize;

  @Option(
      names = "--recipe",
      description = "Values for all that is not given: simple or strong (simple).")
  private @Nullable String recipe;

  @Option(names = "--optimizer", description = "${COMPLETION-CANDIDATES} (SGD).")
  private @Nullable Optimizer optimizer;

  @Option(
      names = {"--learning-rate", "--lr"},
      description = "The largest (0.1; ADAMW: 0.001).")
  private @Nullable Double learningRate;

  @Option(names = "--momentum", description = "Of SGD, or β₁ of ADAMW; in [0, 1) (0.9).")
  private @Nullable Double momentum;

  @Option(
      names = "--weight-decay",
      description = "Of weights, not of biases and normalisations; in [0, 1) (0; ADAMW: 0.01).")
  private @Nullable Double weightDecay;

  @Option(
      names = "--schedule",
      description = "The learning rate's: ${COMPLETION-CANDIDATES} (COSINE).")
  private LearningRateSchedule.@Nullable Kind schedule;

  @Option(names = "--warmup-epochs", description = "It rises for so long first, as 0.5 (0).")
  private @Nullable Double warmupEpochs;

  @Option(
      names = "--milestones",
      split = ",",
      description = "Epochs after which STEP multiplies it, as 60,80.")
  private @Nullable List<Integer> milestones;

  @Option(names = "--step-every", description = "Epochs after which STEP does so, again and again.")
  private @Nullable Integer stepEvery;

  @Option(names = "--step-factor", description = "What STEP multiplies it by (0.1).")
  private @Nullable Double stepFactor;

  @Option(names = "--gradient-clip", description = "The largest norm of all gradients; 0: any (0).")
  private @Nullable Double gradientClip;

  @Option(names = "--label-smoothing", description = "In [0, 1) (0; strong: 0.1).")
  private @Nullable Double labelSmoothing;

  @Option(
      names = "--ema-decay",
      description = "Of the weights' moving average, in [0, 1); 0: none (0).")
  private @Nullable Double emaDecay;

  @Option(names = "--loss", description = "${COMPLETION-CANDIDATES} (MEAN).")
  private @Nullable Loss loss;

  @Option(names = "--tet-lambda", description = "λ of the TET loss (0.05).")
  private @Nullable Double tetLambda;

  @Option(
      names = "--augmentation",
      description = "How images are varied: none, crop-and-flip, simple, strong or strong-small.")
  private @Nullable String augmentation;

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
    ScheduleSpec course =
        new ScheduleSpec(schedule, warmupEpochs, milestones, stepEvery, stepFactor);
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
        seed,
        recipe,
        optimizer,
        course.equals(ScheduleSpec.DEFAULT) ? null : course,
        gradientClip,
        labelSmoothing,
        emaDecay,
        augmentation == null
            ? null
            : new AugmentationSpec(augmentation, null, null, null, null, null));
  }
}
