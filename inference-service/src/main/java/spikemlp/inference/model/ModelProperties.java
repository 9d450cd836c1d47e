package spikemlp.inference.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where models come from.
 *
 * @param registryUrl the registry service
 * @param cacheDirectory where fetched model files are kept
 * @param largestModel bytes a model file may have; ONNX itself ends at 2 GiB
 * @param resolvedFor how long an answer of the registry is taken for current
 * @param answerWithin how long the registry may take to resolve a reference
 * @param fetchWithin how long a model file may take to arrive
 */
@ConfigurationProperties("spikemlp.inference")
public record ModelProperties(
    URI registryUrl,
    Path cacheDirectory,
    @DefaultValue("1GB") DataSize largestModel,
    @DefaultValue("500ms") Duration resolvedFor,
    @DefaultValue("2s") Duration answerWithin,
    @DefaultValue("5m") Duration fetchWithin) {

  private static final long ONNX_LIMIT = Integer.MAX_VALUE;

  public ModelProperties {
    if (largestModel.toBytes() < 1 || largestModel.toBytes() > ONNX_LIMIT) {
      throw new IllegalArgumentException(
          "spikemlp.inference.largest-model must lie in 1 byte to 2 GiB, not " + largestModel);
    }
    if (resolvedFor.isNegative() || !answerWithin.isPositive() || !fetchWithin.isPositive()) {
      throw new IllegalArgumentException(
          "spikemlp.inference wants positive times, not resolved-for "
              + resolvedFor
              + ", answer-within "
              + answerWithin
              + ", fetch-within "
              + fetchWithin);
    }
  }
}
