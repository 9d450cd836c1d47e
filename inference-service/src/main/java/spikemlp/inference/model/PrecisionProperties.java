package spikemlp.inference.model;

import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.contract.registry.RegisterVersionRequest;

/**
 * Which of a version's model files answers.
 *
 * @param usual where neither the request nor {@code models} says; FP32 is what gates have checked
 * @param models by the registered model's name
 * @param bound how much less accurate, as a share of the test images, 8-bit weights may be for AUTO
 */
@ConfigurationProperties("spikemlp.inference.precision")
record PrecisionProperties(
    @DefaultValue("fp32") PrecisionChoice usual,
    @DefaultValue Map<String, PrecisionChoice> models,
    @DefaultValue("0.005") double bound) {

  /** Accuracies are quotients; their difference may be a rounding off. */
  private static final double ROUNDING = 1e-12;

  PrecisionProperties {
    models = Map.copyOf(models);
    if (!(bound >= 0 && bound <= 1)) {
      throw new IllegalArgumentException(
          "spikemlp.inference.precision.bound is a share of images, 0 to 1, not " + bound);
    }
  }

  /**
   * The precision that answers.
   *
   * @param asked what the request asks for
   * @throws PrecisionUnavailableException if that is 8-bit weights and the version has none
   */
  WeightPrecision of(ModelVersion version, Optional<PrecisionChoice> asked) {
    PrecisionChoice choice = asked.orElseGet(() -> models.getOrDefault(version.model(), usual));
    return switch (choice) {
      case FP32 -> WeightPrecision.FP32;
      case INT8 -> {
        requireQuantised(version);
        yield WeightPrecision.INT8;
      }
      case AUTO -> accurate(version) ? WeightPrecision.INT8 : WeightPrecision.FP32;
    };
  }

  private static void requireQuantised(ModelVersion version) {
    if (!quantised(version)) {
      throw new PrecisionUnavailableException(
          "%s:%d has no file '%s', so it cannot answer in int8; ask for 'fp32' or 'auto'"
              .formatted(
                  version.model(), version.version(), RegisterVersionRequest.INT8_MODEL_FILE));
    }
  }

  private static boolean quantised(ModelVersion version) {
    return version.artifacts().containsKey(RegisterVersionRequest.INT8_MODEL_FILE);
  }

  private boolean accurate(ModelVersion version) {
    Double single = version.metrics().get(RegisterVersionRequest.ACCURACY);
    Double quantised = version.metrics().get(RegisterVersionRequest.INT8_ACCURACY);
    return quantised(version)
        && single != null
        && quantised != null
        && single - quantised <= bound + ROUNDING;
  }
}
