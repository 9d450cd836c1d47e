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

  /** The same with 8-bit weights; versions of before there was one, or without a proof, lack it. */
  public static final String INT8_MODEL_FILE = "model-int8.onnx";

  /** The metric that holds the share of test images that {@link #MODEL_FILE} classifies rightly. */
  public static final String ACCURACY = "accuracy";

  /** The same of {@link #INT8_MODEL_FILE}. */
  public static final String INT8_ACCURACY = "accuracy_int8";

  public static final String CHECKPOINT_FILE = "checkpoint.safetensors";
  public static final String REPORT_FILE = "report.json";

  /** The same for people: a page that needs nothing else. */
  public static final String REPORT_PAGE_FILE = "report.html";

  public RegisterVersionRequest {
    artifacts = Map.copyOf(artifacts);
    metrics = Map.copyOf(metrics);
  }
}
