package spikemlp.contract.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.Loss;

/**
 * How a network is trained.
 *
 * @param epochs passes over the training images
 * @param batchSize B; a last batch of one image is left out
 * @param learningRate the largest: at the first step, or after the warm-up
 * @param momentum of SGD, or β₁ of AdamW; in [0, 1)
 * @param weightDecay of the weights of convolutions, fully connected layers and the classifier, and
 *     of nothing else; in [0, 1)
 * @param loss what is minimised
 * @param tetLambda λ of the TET loss
 * @param augmentation how images are varied
 * @param seed of initialisation, data order and augmentation
 * @param optimisation how the loss is brought down; a plan written without it meant {@link
 *     Optimisation#SIMPLE}
 */
public record TrainingPlan(
    int epochs,
    int batchSize,
    double learningRate,
    double momentum,
    double weightDecay,
    Loss loss,
    double tetLambda,
    Augmentation augmentation,
    long seed,
    Optimisation optimisation) {

  public TrainingPlan {
    // the JSON of older jobs and checkpoints has no such field
    optimisation = Objects.requireNonNullElse(optimisation, Optimisation.SIMPLE);
    List<FieldProblem> problems = new ArrayList<>();
    range(problems, "epochs", epochs, 1, 100_000);
    range(problems, "batchSize", batchSize, 1, 65_536);
    if (!(learningRate > 0) || Double.isInfinite(learningRate)) {
      problems.add(
          new FieldProblem(
              "learningRate", Double.toString(learningRate), "must be a positive number"));
    }
    fraction(problems, "momentum", momentum);
    fraction(problems, "weightDecay", weightDecay);
    fraction(problems, "tetLambda", tetLambda);
    double warmup = optimisation.schedule().warmupEpochs();
    if (epochs >= 1 && warmup >= epochs) {
      problems.add(
          new FieldProblem(
              "schedule.warmupEpochs",
              Double.toString(warmup),
              "must be less than the " + epochs + " epochs of the training"));
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  /** A plan with {@link Optimisation#SIMPLE}. */
  public TrainingPlan(
      int epochs,
      int batchSize,
      double learningRate,
      double momentum,
      double weightDecay,
      Loss loss,
      double tetLambda,
      Augmentation augmentation,
      long seed) {
    this(
        epochs,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        loss,
        tetLambda,
        augmentation,
        seed,
        Optimisation.SIMPLE);
  }

  /** The same plan with another optimisation. */
  public TrainingPlan withOptimisation(Optimisation other) {
    return new TrainingPlan(
        epochs,
        batchSize,
        learningRate,
        momentum,
        weightDecay,
        loss,
        tetLambda,
        augmentation,
        seed,
        other);
  }

  private static void range(
      List<FieldProblem> problems, String field, int value, int least, int most) {
    if (value < least || value > most) {
      problems.add(
          new FieldProblem(
              field, Integer.toString(value), "must be from " + least + " to " + most));
    }
  }

  static void fraction(List<FieldProblem> problems, String field, double value) {
    if (!(value >= 0 && value < 1)) {
      problems.add(new FieldProblem(field, Double.toString(value), "must be in [0, 1)"));
    }
  }
}
