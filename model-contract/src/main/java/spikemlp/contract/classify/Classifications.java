package spikemlp.contract.classify;

import java.util.List;
import spikemlp.contract.card.ExportProof;

/**
 * The answer to {@code POST /api/v1/classify/{model}} with several pictures.
 *
 * @param model the registered model's name
 * @param version the version that answered, the same for all
 * @param precision of the model file that answered, such as {@code fp32}
 * @param proof how that version's file in single precision compares with what was trained
 * @param pictures one for each part, in their order
 * @param waitMillis time spent waiting, ms
 * @param computeMillis time spent decoding and computing, ms
 */
public record Classifications(
    String model,
    int version,
    String precision,
    ExportProof proof,
    List<PictureClassification> pictures,
    double waitMillis,
    double computeMillis) {

  public Classifications {
    pictures = List.copyOf(pictures);
  }
}
