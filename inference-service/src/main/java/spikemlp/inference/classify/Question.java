package spikemlp.inference.classify;

import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpStatus;
import spikemlp.contract.energy.EnergyEstimator;
import spikemlp.contract.registry.ModelReference;
import spikemlp.inference.model.PrecisionChoice;
import spikemlp.problem.ProblemException;

/**
 * What a request's address asks for.
 *
 * @param model the model
 * @param topK classes to answer with, at least 1
 * @param energy the estimator
 * @param rates whether to tell each layer's firing rate
 * @param precision of the model file; empty for the usual one
 */
record Question(
    ModelReference model,
    int topK,
    EnergyEstimator energy,
    boolean rates,
    Optional<PrecisionChoice> precision) {

  private static final String RATES = "rates";

  /**
   * Reads an address.
   *
   * @throws ProblemException 400 naming what is wrong and what would be right
   */
  static Question of(String model, int topK, String energy, String explain, String precision) {
    ModelReference reference = named("invalid-model-reference", () -> ModelReference.parse(model));
    EnergyEstimator estimator = named("unknown-energy-model", () -> EnergyEstimator.named(energy));
    if (topK < 1) {
      throw badRequest("invalid-top-k", "topK is 1 or more, not " + topK);
    }
    if (!explain.isEmpty() && !explain.equals(RATES)) {
      throw badRequest("invalid-explain", "explain is '" + RATES + "', not '" + explain + "'");
    }
    Optional<PrecisionChoice> choice =
        precision.isEmpty()
            ? Optional.empty()
            : Optional.of(named("invalid-precision", () -> PrecisionChoice.named(precision)));
    return new Question(reference, topK, estimator, explain.equals(RATES), choice);
  }

  private static <T> T named(String code, Supplier<T> name) {
    try {
      return name.get();
    } catch (IllegalArgumentException e) {
      throw badRequest(code, String.valueOf(e.getMessage()));
    }
  }

  private static ProblemException badRequest(String code, String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, code, detail);
  }
}
