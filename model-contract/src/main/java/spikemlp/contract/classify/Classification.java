package spikemlp.contract.classify;

import java.util.List;

/**
 * The answer to {@code POST /api/v1/classify/{model}}.
 *
 * @param model the registered model's name
 * @param version the version that answered
 * @param predictions the top k classes, most probable first
 * @param energy the estimate for this very picture
 * @param waitMillis time spent waiting, ms
 * @param computeMillis time spent computing, ms
 */
public record Classification(
    String model,
    int version,
    List<Prediction> predictions,
    EnergyReport energy,
    double waitMillis,
    double computeMillis) {

  public Classification {
    predictions = List.copyOf(predictions);
  }
}
