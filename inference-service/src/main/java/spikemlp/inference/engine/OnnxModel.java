package spikemlp.inference.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.network.NetworkConfig;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * One model file opened in ONNX Runtime, on one thread a call. It owns native memory: its owner
 * closes it when nobody computes with it any more.
 *
 * <p>{@link #infer} may be called by several threads at once.
 */
final class OnnxModel implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration WARM_UP = Duration.ofMinutes(5);

  private final String name;
  private final ModelCard card;
  private final OrtSession session;
  private final RunWatch watch;
  private final RunStatistics runs = new RunStatistics();
  private final Batching batching;
  private final Pace pace;

  private OnnxModel(
      String name, ModelCard card, OrtSession session, RunWatch watch, Batching.Limits limits) {
    this.name = name;
    this.card = card;
    this.session = session;
    this.watch = watch;
    infer(new float[imageSize()], 1, Deadline.in(WARM_UP));
    this.batching = Batching.choose(name, limits, this::nanos);
    this.pace = new Pace(batching.imageMillis());
  }

  /**
   * Opens a model file, holds its card against its graph, computes one image to warm up and
   * measures whether batching pays.
   *
   * @param name what messages call the model, such as {@code digits:3}
   * @param limits of the batches to try
   * @throws UnusableModelException if the file is no model that can be served; says why
   */
  static OnnxModel open(String name, Path file, RunWatch watch, Batching.Limits limits) {
    refuseExternalTensors(name, file);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString(), options);
      try {
        return new OnnxModel(name, checkedCard(name, session), session, watch, limits);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new UnusableModelException(name, withoutPath(e, file), e);
    }
  }

  private static void refuseExternalTensors(String name, Path file) {
    try {
      if (ExternalTensors.in(file)) {
        throw new UnusableModelException(
            name, "a tensor's values lie in another file; a served file must hold them all");
      }
    } catch (IOException e) {
      throw new UnusableModelException(name, "it is not an ONNX file: " + withoutPath(e, file), e);
    }
  }

  private static ModelCard checkedCard(String name, OrtSession session) throws OrtException {
    String json =
        session
            .getMetadata()
            .getCustomMetadataValue(ModelCard.METADATA_KEY)
            .orElseThrow(() ->
                new UnusableModelException(
                    name,
                    "its metadata has no '"
                        + ModelCard.METADATA_KEY
                        + "'; only files that this platform exported can be served"));
    ModelCard card;
    try {
      card = JSON.readValue(json, ModelCard.class);
    } catch (JacksonException e) {
      throw new UnusableModelException(
          name, "its model card cannot be read: " + e.getOriginalMessage(), e);
    }
    List<String> mismatches = Signature.mismatches(card, session);
    if (!mismatches.isEmpty()) {
      throw new UnusableModelException(name, String.join("; ", mismatches));
    }
    return card;
  }

  private long nanos(int batch) {
    FloatBuffer images =
        ByteBuffer.allocateDirect(batch * imageSize() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    long began = System.nanoTime();
    infer(images, batch, Deadline.in(WARM_UP));
    return System.nanoTime() - began;
  }

  ModelCard card() {
    return card;
  }

  /** How many samples one run of it takes. */
  Batching batching() {
    return batching;
  }

  /** Its runs in the pool so far. */
  RunStatistics runs() {
    return runs;
  }

  /** What a sample costs it now. */
  Pace pace() {
    return pace;
  }

  /** Counts a run that came to its end. */
  void ran(int samples, long nanos) {
    runs.add(samples, nanos);
    pace.ran(samples, nanos);
  }

  /** Floats of one image, 3·H·W. */
  int imageSize() {
    return NetworkConfig.IMAGE_CHANNELS
        * card.network().imageHeight()
        * card.network().imageWidth();
  }

  /** A watch over a run of {@link #infer(FloatBuffer, int, RunWatch.Watched, Deadline)}. */
  RunWatch.Watched watch(Deadline deadline) {
    try {
      return watch.watch(deadline);
    } catch (OrtException e) {
      throw new UnusableModelException(name, "ONNX Runtime: " + e.getMessage(), e);
    }
  }

  Outputs infer(float[] images, int batch, Deadline deadline) {
    return infer(FloatBuffer.wrap(images), batch, deadline);
  }

  Outputs infer(FloatBuffer images, int batch, Deadline deadline) {
    try (RunWatch.Watched run = watch(deadline)) {
      return infer(images, batch, run, deadline);
    }
  }

  /**
   * Computes a batch. A direct buffer is read where it lies.
   *
   * @param images normalised pixels {@code [B, 3, H, W]}, from the buffer's position to its limit
   * @param batch B
   * @param run may stop it
   * @throws DeadlineExceededException if it was stopped
   * @throws UnusableModelException if ONNX Runtime fails, or a logit is not finite
   */
  Outputs infer(FloatBuffer images, int batch, RunWatch.Watched run, Deadline deadline) {
    if (batch < 1 || images.remaining() != (long) batch * imageSize()) {
      throw new IllegalArgumentException(
          "a batch of "
              + batch
              + " images has "
              + (long) batch * imageSize()
              + " values, not "
              + images.remaining());
    }
    long[] shape = {
      batch, NetworkConfig.IMAGE_CHANNELS, card.network().imageHeight(), card.network().imageWidth()
    };
    try (OnnxTensor input =
        OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), images, shape)) {
      return run(Map.of(ModelCard.INPUT_NAME, input), batch, run, deadline);
    } catch (OrtException e) {
      throw new UnusableModelException(name, "ONNX Runtime: " + e.getMessage(), e);
    }
  }

  private Outputs run(
      Map<String, ? extends OnnxTensorLike> inputs,
      int batch,
      RunWatch.Watched run,
      Deadline deadline)
      throws OrtException {
    try (OrtSession.Result result = session.run(inputs, run.options())) {
      int windows = card.topology().windows().size();
      return new Outputs(
          finite(rows(result, ModelCard.LOGITS_NAME, batch, card.labels().size())),
          counts(rows(result, ModelCard.SPIKES_NAME, batch, card.topology().neurons().size())),
          windows == 0
              ? new long[batch][0]
              : counts(rows(result, ModelCard.WINDOWS_NAME, batch, windows)));
    } catch (OrtException e) {
      if (run.stopped()) {
        throw deadline.exceeded("while it was computed");
      }
      throw e;
    }
  }

  private float[][] rows(OrtSession.Result result, String output, int batch, int columns) {
    OnnxTensor tensor = (OnnxTensor) result.get(output).orElseThrow();
    FloatBuffer values = tensor.getFloatBuffer();
    if (values.remaining() != batch * columns) {
      throw new UnusableModelException(
          name,
          "output '"
              + output
              + "' had "
              + values.remaining()
              + " values for a batch of "
              + batch
              + ", not "
              + batch * columns);
    }
    float[][] rows = new float[batch][columns];
    for (float[] row : rows) {
      values.get(row);
    }
    return rows;
  }

  private float[][] finite(float[][] logits) {
    for (float[] row : logits) {
      for (int k = 0; k < row.length; k++) {
        if (!Float.isFinite(row[k])) {
          throw new UnusableModelException(
              name, "the logit of class '" + card.labels().get(k) + "' is " + row[k]);
        }
      }
    }
    return logits;
  }

  private static long[][] counts(float[][] rows) {
    long[][] counts = new long[rows.length][];
    for (int b = 0; b < rows.length; b++) {
      counts[b] = new long[rows[b].length];
      for (int i = 0; i < rows[b].length; i++) {
        counts[b][i] = Math.round((double) rows[b][i]);
      }
    }
    return counts;
  }

  /** The message with the model's file called by its last name: no path leaves the process. */
  private static String withoutPath(Exception e, Path file) {
    return String.valueOf(e.getMessage())
        .replace(file.toString(), String.valueOf(file.getFileName()));
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the session of model " + name + " could not be closed", e);
    }
  }
}
