package spikemlp.export;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import spikemlp.contract.card.ModelCard;

/**
 * An exported model in ONNX Runtime, on one thread. Owns the session's native memory; for use by
 * one thread at a time.
 */
final class OnnxModelSession implements AutoCloseable {

  private final Path model;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Loads a model; throws {@link ExportException} if ONNX Runtime does not take it. */
  OnnxModelSession(Path model) {
    this.model = model;
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      this.session = environment.createSession(model.toString(), options);
    } catch (OrtException e) {
      throw new ExportException(model, "ONNX Runtime does not load it: " + e.getMessage(), e);
    }
  }

  /**
   * What the model answers.
   *
   * @param logits {@code [B, K]}
   * @param spikes {@code [B, L]}
   * @param windows {@code [B, Q]}; Q may be 0
   */
  record Answers(float[][] logits, float[][] spikes, float[][] windows) {}

  /** Runs normalised images {@code [B, 3, H, W]}. */
  Answers run(float[] images, int batch, int height, int width) {
    long[] shape = {batch, 3, height, width};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), shape);
        OrtSession.Result result = session.run(Map.of(ModelCard.INPUT_NAME, input))) {
      return new Answers(
          rows(result, ModelCard.LOGITS_NAME, batch),
          rows(result, ModelCard.SPIKES_NAME, batch),
          rows(result, ModelCard.WINDOWS_NAME, batch));
    } catch (OrtException e) {
      throw new ExportException(
          model, "ONNX Runtime does not run a batch of " + batch + ": " + e.getMessage(), e);
    }
  }

  /** The engine and its version, such as {@code ONNX Runtime 1.29.0}. */
  String runtime() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new ExportException(model, "ONNX Runtime does not close it: " + e.getMessage(), e);
    }
  }

  private static float[][] rows(OrtSession.Result result, String name, int batch)
      throws OrtException {
    Optional<OnnxValue> value = result.get(name);
    return value.isPresent() ? (float[][]) value.get().getValue() : new float[batch][0];
  }
}
