package spikemlp.contract.job;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;

/**
 * The learning rate's course that a job asks for. What is null takes its default: a cosine, no
 * warm-up, factor 0.1.
 */
public record ScheduleSpec(
    LearningRateSchedule.@Nullable Kind kind,
    @Nullable Double warmupEpochs,
    @Nullable List<Integer> milestones,
    @Nullable Integer everyEpochs,
    @Nullable Double factor) {

  /** Every value at its default. */
  public static final ScheduleSpec DEFAULT = new ScheduleSpec(null, null, null, null, null);

  /**
   * The schedule asked for.
   *
   * @throws InvalidConfigurationException naming every wrong value
   */
  public LearningRateSchedule resolve() {
    if (milestones != null && milestones.stream().anyMatch(Objects::isNull)) {
      throw new InvalidConfigurationException(
          List.of(
              new FieldProblem("milestones", milestones.toString(), "each is a number of epochs")));
    }
    LearningRateSchedule usual = LearningRateSchedule.COSINE;
    return new LearningRateSchedule(
        kind == null ? usual.kind() : kind,
        warmupEpochs == null ? usual.warmupEpochs() : warmupEpochs,
        milestones == null ? usual.milestones() : milestones,
        everyEpochs == null ? usual.everyEpochs() : everyEpochs,
        factor == null ? usual.factor() : factor);
  }
}
