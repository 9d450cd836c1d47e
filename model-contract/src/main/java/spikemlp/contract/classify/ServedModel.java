package spikemlp.contract.classify;

import java.time.Instant;
import java.util.List;
import spikemlp.contract.image.InputSpec;

/**
 * A version that the inference service holds in memory.
 *
 * @param model the registered model's name
 * @param version its number
 * @param precision of its model file, such as {@code fp32}
 * @param variant the published variant's label, or {@code custom}
 * @param labels the classes' names, index = class
 * @param input how pictures become its input
 * @param sha256 SHA-256 of the model file
 * @param loadedAt when it was ready to answer
 */
public record ServedModel(
    String model,
    int version,
    String precision,
    String variant,
    List<String> labels,
    InputSpec input,
    String sha256,
    Instant loadedAt) {

  public ServedModel {
    labels = List.copyOf(labels);
  }
}
