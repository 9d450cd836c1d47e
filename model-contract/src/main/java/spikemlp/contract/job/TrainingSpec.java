package spikemlp.contract.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.network.Loss;

/**
 * How a job trains. What is null takes the recipe's value, or its default: 5 epochs, batch 64, SGD,
 * learning rate 0.1 (AdamW: 0.001), momentum 0.9, weight decay 0 (AdamW: 0.01), mean loss, pad 4
 * and crop with flip (digits: crop alone), seed 1, a cosine, no clipping, no moving average.
 *
 * @param recipe a {@link Recipe}'s label; null for {@code simple}
 * @param augmentation what varies images otherwise than the recipe does
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
    @Nullable Long seed,
    @Nullable String recipe,
    @Nullable Optimizer optimizer,
    @Nullable ScheduleSpec schedule,
    @Nullable Double gradientClip,
    @Nullable Double labelSmoothing,
    @Nullable Double emaDecay,
    @Nullable AugmentationSpec augmentation) {

  /** Every value at its default. */
  public static final TrainingSpec DEFAULT =
      new TrainingSpec(null, null, null, null, null, null, null, null, null, null);

  /** A training by the simple recipe's optimisation. */
  public TrainingSpec(
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
    this(
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
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /**
   * The plan asked for.
   *
   * @param usual the augmentation that suits the data set, used unless the request names its own
   * @param side the shorter side of what the network is given, in pixels
   * @throws InvalidConfigurationException naming every wrong value
   */
  public TrainingPlan resolve(Augmentation usual, int side) {
    List<FieldProblem> problems = new ArrayList<>();
    Recipe base = base(problems);
    Optimizer descent = optimizer == null ? Optimizer.SGD : optimizer;
    ScheduleSpec course = schedule == null ? ScheduleSpec.DEFAULT : schedule;
    LearningRateSchedule resolved =
        checked(problems, Optional.of("schedule"), course::resolve)
            .orElse(LearningRateSchedule.COSINE);
    Optimisation optimisation =
        checked(
                problems,
                Optional.empty(),
                () ->
                    new Optimisation(
                        descent,
                        resolved,
                        gradientClip == null ? 0 : gradientClip,
                        labelSmoothing == null ? base.labelSmoothing() : labelSmoothing,
                        emaDecay == null ? 0 : emaDecay))
            .orElse(Optimisation.SIMPLE);
    Augmentation varied = varied(base.augmentation(usual, side), problems);
    Optional<TrainingPlan> plan =
        checked(
            problems,
            Optional.empty(),
            () ->
                new TrainingPlan(
                    epochs == null ? 5 : epochs,
                    batchSize == null ? 64 : batchSize,
                    learningRate == null ? descent.usualLearningRate() : learningRate,
                    momentum == null ? 0.9 : momentum,
                    weightDecay == null ? descent.usualWeightDecay() : weightDecay,
                    loss == null ? Loss.MEAN : loss,
                    tetLambda == null ? 0.05 : tetLambda,
                    varied,
                    seed == null ? 1L : seed,
                    optimisation));
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    return plan.orElseThrow();
  }

  private Augmentation varied(Augmentation named, List<FieldProblem> problems) {
    AugmentationSpec asked = augmentation == null ? AugmentationSpec.NONE : augmentation;
    try {
      return asked.resolve(named, cropPadding, horizontalFlip);
    } catch (InvalidConfigurationException e) {
      e.problems()
          .forEach(problem ->
              problems.add(
                  problem.field().equals("cropPadding") ? problem : problem.below("augmentation")));
      return named;
    }
  }

  private Recipe base(List<FieldProblem> problems) {
    if (recipe != null) {
      try {
        return Recipe.named(recipe);
      } catch (IllegalArgumentException e) {
        problems.add(new FieldProblem("recipe", recipe, String.valueOf(e.getMessage())));
      }
    }
    return Recipe.SIMPLE;
  }

  /** A part of the plan, or its problems added to those there are. */
  private static <T> Optional<T> checked(
      List<FieldProblem> problems, Optional<String> place, Supplier<T> part) {
    try {
      return Optional.of(part.get());
    } catch (InvalidConfigurationException e) {
      e.problems().forEach(problem -> problems.add(place.map(problem::below).orElse(problem)));
      return Optional.empty();
    }
  }
}
