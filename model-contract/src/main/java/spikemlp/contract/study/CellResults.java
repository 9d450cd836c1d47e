package spikemlp.contract.study;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the completed runs of a cell came to; the numbers are those of {@link RunResults}. */
public record CellResults(
    Spread accuracy,
    Spread energyPicojoules,
    Spread firingRate,
    Spread synapticAdditions,
    Spread imageSteps,
    Spread imageStepsInAll,
    Spread parameters,
    Spread trainSeconds) {

  /**
   * The spread of each number.
   *
   * @throws IllegalArgumentException if there are no runs
   */
  public static CellResults of(List<RunResults> runs) {
    return new CellResults(
        over(runs, RunResults::accuracy),
        over(runs, RunResults::energyPicojoules),
        over(runs, RunResults::firingRate),
        over(runs, RunResults::synapticAdditions),
        over(runs, RunResults::imageSteps),
        over(runs, RunResults::imageStepsInAll),
        over(runs, RunResults::parameters),
        over(runs, RunResults::trainSeconds));
  }

  private static Spread over(List<RunResults> runs, ToDoubleFunction<RunResults> number) {
    return Spread.of(runs.stream().mapToDouble(number).boxed().toList());
  }
}
