package spikemlp.contract.job;

import java.util.ArrayList;
import java.util.List;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;

/**
 * How the loss is brought down.
 *
 * @param optimizer what changes the weights
 * @param schedule what becomes of the learning rate
 * @param gradientClip the largest L2 norm of all gradients together: beyond it they are scaled down
 *     to it; 0 for no such bound
 * @param labelSmoothing the share ε of each target that is spread evenly over all classes, in [0,
 *     1)
 * @param emaDecay how much of the weights' moving average a step keeps, in [0, 1); 0 for no
 *     average. With one, it is the average that is tested, exported and registered
 */
public record Optimisation(
    Optimizer optimizer,
    LearningRateSchedule schedule,
    double gradientClip,
    double labelSmoothing,
    double emaDecay) {

  /** SGD along a cosine and nothing else. */
  public static final Optimisation SIMPLE =
      new Optimisation(Optimizer.SGD, LearningRateSchedule.COSINE, 0, 0, 0);

  public Optimisation {
    List<FieldProblem> problems = new ArrayList<>();
    if (!(gradientClip >= 0) || Double.isInfinite(gradientClip)) {
      problems.add(
          new FieldProblem(
              "gradientClip", Double.toString(gradientClip), "must be 0 or a positive number"));
    }
    TrainingPlan.fraction(problems, "labelSmoothing", labelSmoothing);
    TrainingPlan.fraction(problems, "emaDecay", emaDecay);
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }
}
