package spikemlp.inference.engine;

import spikemlp.contract.card.WeightPrecision;

/**
 * A version by what it is called and what it holds; other content is another version.
 *
 * @param model the registered model's name
 * @param version its number
 * @param precision of the model file
 * @param sha256 SHA-256 of the model file
 */
public record ServedVersion(String model, int version, WeightPrecision precision, String sha256) {

  /** As messages call it: {@code model:version}, with the precision if it is not fp32. */
  public String label() {
    return switch (precision) {
      case FP32 -> model + ":" + version;
      case INT8 -> model + ":" + version + " (" + precision.label() + ")";
    };
  }
}
