package spikemlp.registry.version;

import java.util.List;
import java.util.Optional;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.contract.registry.ModelReference;

/** What a new model may be called. */
final class ModelName {

  private static final int SHOWN = 80;

  private ModelName() {}

  /** What is wrong with the name; empty if nothing is. */
  static Optional<FieldProblem> problem(String name) {
    return ModelReference.isName(name)
        ? Optional.empty()
        : Optional.of(
            new FieldProblem(
                "name",
                name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…",
                "a model's name is 1 to 64 of a-z, 0-9, '.', '_', '-' and begins with a letter or"
                    + " digit"));
  }

  /**
   * Refuses what is no name.
   *
   * @throws InvalidConfigurationException saying what a name is
   */
  static void check(String name) {
    problem(name)
        .ifPresent(problem -> {
          throw new InvalidConfigurationException(List.of(problem));
        });
  }
}
