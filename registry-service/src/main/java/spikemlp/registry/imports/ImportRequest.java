package spikemlp.registry.imports;

import java.util.Map;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.registry.Artifact;

/**
 * The body of {@code POST /api/v1/models/{name}/imports}.
 *
 * @param importId the caller's own name for this import; the same again answers with the version
 *     that it made the first time
 * @param card what the files hold, given by whoever imports them
 * @param artifacts {@code model.onnx}, {@code checkpoint.safetensors} or both, uploaded before
 * @param metrics results as the files' origin tells them; nothing of them is checked
 */
record ImportRequest(
    String importId, ModelCard card, Map<String, Artifact> artifacts, Map<String, Double> metrics) {

  ImportRequest {
    artifacts = Map.copyOf(artifacts);
    metrics = Map.copyOf(metrics);
  }
}
