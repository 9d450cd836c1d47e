package spikemlp.contract.job;

import java.util.ArrayList;
import java.util.List;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;

/**
 * What becomes of the learning rate over a training.
 *
 * @param kind its course after the warm-up
 * @param warmupEpochs epochs, or a part of one, in which it rises linearly; 0 for none
 * @param milestones for {@link Kind#STEP}: numbers of epochs done after which it is multiplied by
 *     {@code factor}; empty for none
 * @param everyEpochs for {@link Kind#STEP} instead of milestones: epochs from one multiplication to
 *     the next; 0 for none
 * @param factor of {@link Kind#STEP}, often called γ; in (0, 1]
 */
public record LearningRateSchedule(
    Kind kind, double warmupEpochs, List<Integer> milestones, int everyEpochs, double factor) {

  /** The course of the learning rate. */
  public enum Kind {
    /** Falls to 0 along a half cosine. */
    COSINE,
    /** Is multiplied by a factor at milestones or every so many epochs. */
    STEP,
    /** Stays. */
    CONSTANT
  }

  /** Down to 0 along a half cosine, without a warm-up. */
  public static final LearningRateSchedule COSINE =
      new LearningRateSchedule(Kind.COSINE, 0, List.of(), 0, 0.1);

  public LearningRateSchedule {
    List<FieldProblem> problems = new ArrayList<>();
    milestones = List.copyOf(milestones);
    if (!(warmupEpochs >= 0 && warmupEpochs <= 100_000)) {
      problems.add(
          new FieldProblem(
              "warmupEpochs", Double.toString(warmupEpochs), "must be from 0 to 100000"));
    }
    if (!increasing(milestones)) {
      problems.add(
          new FieldProblem(
              "milestones",
              milestones.toString(),
              "must be epochs from 1 on, each after the last"));
    }
    if (everyEpochs < 0) {
      problems.add(
          new FieldProblem("everyEpochs", Integer.toString(everyEpochs), "must be 0 or more"));
    }
    if (!(factor > 0 && factor <= 1)) {
      problems.add(new FieldProblem("factor", Double.toString(factor), "must be in (0, 1]"));
    }
    switch (kind) {
      case COSINE, CONSTANT -> {
        if (!milestones.isEmpty() || everyEpochs > 0) {
          problems.add(
              new FieldProblem(
                  "kind", kind.name(), "takes no milestones or everyEpochs; STEP does"));
        }
      }
      case STEP -> {
        if (milestones.isEmpty() == (everyEpochs == 0)) {
          problems.add(
              new FieldProblem(
                  "kind",
                  kind.name(),
                  "takes either milestones or everyEpochs, not "
                      + (milestones.isEmpty() ? "neither" : "both")));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
  }

  private static boolean increasing(List<Integer> milestones) {
    int last = 0;
    for (int milestone : milestones) {
      if (milestone <= last) {
        return false;
      }
      last = milestone;
    }
    return true;
  }
}
