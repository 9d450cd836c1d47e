package spikemlp.contract.registry;

import java.util.Map;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;

/**
 * The body of {@code POST /api/v1/models/{name}/versions}. The same {@code sourceJobId} again
 * answers with the version it made the first time: a retry registers nothing twice.
 *
 * @param sourceJobId the training job
 * @param card what the model file says of itself
 * @param artifacts file name, such as {@code model.onnx}, to its content; all uploaded before
 * @param metrics results such as {@code accuracy}, {@code energy_pj}
 * @param proof the export's comparison with the core
 */
public record RegisterVersionRequest(
    String sourceJobId,
    ModelCard card,
    Map<String, Artifact> artifacts,
    Map<String, Double> metrics,
    ExportProof proof) {

  public static final String MODEL_FILE = "model.onnx";
  public static final String CHECKPOINT_FILE = "checkpoint.safetensors";
  public static final String REPORT_FILE = "report.json";

  /** The same for people: a page that needs nothing else. */
  public static final String REPORT_PAGE_FILE = "report.html";

  public RegisterVersionRequest {
    artifacts = Map.copyOf(artifacts);
    metrics = Map.copyOf(metrics);
  }
}
