package spikemlp.contract.registry;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;

/**
 * A version as the API shows it.
 *
 * @param model the registered model's name
 * @param version consecutive from 1
 * @param state READY only if the proof passed and every artifact is there
 * @param aliases the aliases that point at it now
 * @param tags free labels
 * @param damaged the files whose stored content was found damaged or gone, so that they are not
 *     served
 */
public record ModelVersion(
    String model,
    int version,
    VersionState state,
    List<String> aliases,
    String sourceJobId,
    ModelCard card,
    Map<String, Artifact> artifacts,
    Map<String, Double> metrics,
    ExportProof proof,
    Instant createdAt,
    Map<String, String> tags,
    List<String> damaged) {

  public ModelVersion {
    aliases = List.copyOf(aliases);
    artifacts = Map.copyOf(artifacts);
    metrics = Map.copyOf(metrics);
    tags = Map.copyOf(tags);
    damaged = List.copyOf(damaged);
  }

  /** Without tags, its files whole. */
  public ModelVersion(
      String model,
      int version,
      VersionState state,
      List<String> aliases,
      String sourceJobId,
      ModelCard card,
      Map<String, Artifact> artifacts,
      Map<String, Double> metrics,
      ExportProof proof,
      Instant createdAt) {
    this(
        model,
        version,
        state,
        aliases,
        sourceJobId,
        card,
        artifacts,
        metrics,
        proof,
        createdAt,
        Map.of(),
        List.of());
  }
}
