package spikemlp.contract.job;

import java.util.ArrayList;
import java.util.List;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.Loss;

/**
 * How a network is trained: SGD with momentum, the learning rate falling to 0 along a cosine over
 * all steps.
 *
 * @param epochs passes over the training images
 * @param batchSize B; a last batch of one image is left out
 * @param learningRate at the first step
 * @param momentum in [0, 1)
 * @param weightDecay added to every gradient as weightDecay · weight
 * @param loss what is minimised
 * @param tetLambda λ of the TET loss
 * @param augmentation how images are varied
 * @param seed of initialisation, data order and augmentation
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
    long seed) {

  public TrainingPlan {
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
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private static void range(
      List<FieldProblem> problems, String field, int value, int least, int most) {
    if (value < least || value > most) {
      problems.add(
          new FieldProblem(
              field, Integer.toString(value), "must be from " + least + " to " + most));
    }
  }

  private static void fraction(List<FieldProblem> problems, String field, double value) {
    if (!(value >= 0 && value < 1)) {
      problems.add(new FieldProblem(field, Double.toString(value), "must be in [0, 1)"));
    }
  }
}
