package spikemlp.registry.manifest;

import java.util.Map;
import java.util.TreeMap;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.Provenance;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.registry.ModelVersion;

/** What a manifest says of a version. */
final class Manifests {

  private Manifests() {}

  /** The payload, in values that canonical JSON can hold exactly: the seed is a text. */
  static Map<String, Object> payload(ModelVersion version) {
    Map<String, Object> payload = new TreeMap<>();
    payload.put("model", version.model());
    payload.put("version", version.version());
    payload.put("state", version.state().name());
    payload.put("createdAt", version.createdAt().toString());
    payload.put("artifacts", artifacts(version));
    payload.put("metrics", new TreeMap<>(version.metrics()));
    payload.put("energyEstimator", EnergyModel.HOROWITZ_45NM.name());
    payload.put("proof", proof(version.proof()));
    payload.put("lineage", lineage(version));
    return payload;
  }

  private static Map<String, Object> artifacts(ModelVersion version) {
    Map<String, Object> artifacts = new TreeMap<>();
    version
        .artifacts()
        .forEach((file, artifact) ->
            artifacts.put(file, Map.of("sha256", artifact.sha256(), "size", artifact.size())));
    return artifacts;
  }

  private static Map<String, Object> proof(ExportProof proof) {
    if (!proof.made()) {
      return Map.of("made", false);
    }
    return Map.of(
        "made", true,
        "passed", proof.passed(),
        "images", proof.images(),
        "argmaxAgreements", proof.argmaxAgreements(),
        "maxLogitError", proof.maxLogitError(),
        "spikes", proof.spikes(),
        "differingSpikes", proof.differingSpikes(),
        "multiplicationFree", proof.multiplicationFree(),
        "runtime", proof.runtime());
  }

  private static Map<String, Object> lineage(ModelVersion version) {
    Provenance from = version.card().provenance();
    Map<String, Object> lineage = new TreeMap<>();
    lineage.put("sourceJobId", version.sourceJobId());
    lineage.put("jobId", from.jobId());
    lineage.put("dataSet", from.dataSet());
    lineage.put("dataHash", from.dataHash());
    lineage.put("seed", Long.toString(from.seed()));
    lineage.put("exportedAt", from.createdAt());
    lineage.put("software", new TreeMap<>(from.software()));
    Parent parent = from.parent();
    if (parent != null) {
      lineage.put(
          "parent",
          Map.of(
              "model", parent.model(),
              "version", parent.version(),
              "checkpointSha256", parent.checkpointSha256(),
              "mode", parent.mode().name(),
              "timeSteps", parent.timeSteps()));
    }
    return lineage;
  }
}
