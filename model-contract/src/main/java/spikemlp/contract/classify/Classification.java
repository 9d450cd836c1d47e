package spikemlp.contract.classify;

import java.util.List;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.card.ExportProof;

/**
 * The answer to {@code POST /api/v1/classify/{model}} with one picture.
 *
 * @param model the registered model's name
 * @param version the version that answered
 * @param precision of the model file that answered, such as {@code fp32}
 * @param proof how that version's file in single precision compares with what was trained
 * @param predictions the top k classes, most probable first
 * @param energy the estimate for this very picture
 * @param rates the firing rate of each layer, if asked for
 * @param waitMillis time spent waiting, ms
 * @param computeMillis time spent decoding and computing, ms
 */
public record Classification(
    String model,
    int version,
    String precision,
    ExportProof proof,
    List<Prediction> predictions,
    EnergyReport energy,
    @Nullable List<LayerRate> rates,
    double waitMillis,
    double computeMillis) {

  public Classification {
    predictions = List.copyOf(predictions);
    rates = rates == null ? null : List.copyOf(rates);
  }
}
