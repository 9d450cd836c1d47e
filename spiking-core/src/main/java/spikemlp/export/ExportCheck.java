package spikemlp.export;

import java.nio.file.Path;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.image.ImagePreparation;
import spikemlp.contract.image.InputSpec;
import spikemlp.data.ImageDataSet;
import spikemlp.data.StopRequest;
import spikemlp.network.SpikingMlp;

/** Holds an exported model, run by ONNX Runtime, against the core, on images neither has seen. */
public final class ExportCheck {

  private static final int BATCH = 32;

  private ExportCheck() {}

  /**
   * Compares the two image by image.
   *
   * @param onnx the exported file
   * @param network what it was exported from
   * @param images of the network's size
   * @param input how pixels become the network's input
   * @param count how many images to compare; all if there are fewer
   * @return the comparison; whether it is good enough is {@link ExportProof#passed()}
   * @throws IllegalArgumentException if there is no image, or images and input differ in size
   * @throws ExportException if ONNX Runtime does not load or run the file
   */
  public static ExportProof prove(
      Path onnx, SpikingMlp network, ImageDataSet images, InputSpec input, int count) {
    return prove(onnx, network, images, input, count, StopRequest.NEVER);
  }

  /**
   * The same, given up when asked.
   *
   * @throws java.util.concurrent.CancellationException if it was
   */
  public static ExportProof prove(
      Path onnx,
      SpikingMlp network,
      ImageDataSet images,
      InputSpec input,
      int count,
      StopRequest stop) {
    int compared = Math.min(count, images.size());
    if (compared < 1) {
      throw new IllegalArgumentException(
          "an export is proved on at least one image; asked for "
              + count
              + " of "
              + images.size()
              + " there are");
    }
    if (images.height() != input.height() || images.width() != input.width()) {
      throw new IllegalArgumentException(
          "the images are %d×%d, the network's input %d×%d"
              .formatted(images.height(), images.width(), input.height(), input.width()));
    }
    boolean multiplicationFree = MultiplicationFreeCheck.holds(OnnxFile.read(onnx));
    ImagePreparation preparation = new ImagePreparation(input);
    Comparison comparison = new Comparison();
    try (OnnxModelSession session = new OnnxModelSession(onnx)) {
      for (int first = 0; first < compared; first += BATCH) {
        stop.check();
        int batch = Math.min(BATCH, compared - first);
        float[] inputs = inputs(images, preparation, first, batch);
        comparison.add(
            network.infer(inputs, batch),
            session.run(inputs, batch, input.height(), input.width()));
      }
      return comparison.proof(multiplicationFree, session.runtime());
    }
  }

  /** Images {@code [first, first + batch)} as {@code [batch, 3, H, W]}. */
  private static float[] inputs(
      ImageDataSet images, ImagePreparation preparation, int first, int batch) {
    byte[] rgb = new byte[preparation.length()];
    float[] inputs = new float[batch * preparation.length()];
    for (int i = 0; i < batch; i++) {
      images.pixels(first + i, rgb, 0);
      preparation.normalise(rgb, 0, inputs, i * preparation.length());
    }
    return inputs;
  }

  /** The differences so far. */
  private static final class Comparison {
    private int images;
    private int agreements;
    private double maxLogitError;
    private long spikes;
    private long differing;

    void add(SpikingMlp.Outputs core, OnnxModelSession.Answers onnx) {
      for (int b = 0; b < core.logits().length; b++) {
        images++;
        for (int k = 0; k < core.logits()[b].length; k++) {
          double error = Math.abs((double) core.logits()[b][k] - onnx.logits()[b][k]);
          maxLogitError = Math.max(maxLogitError, error);
        }
        agreements += argmax(core.logits()[b]) == argmax(onnx.logits()[b]) ? 1 : 0;
        for (int l = 0; l < core.spikes()[b].length; l++) {
          spikes += core.spikes()[b][l];
          differing += Math.abs(core.spikes()[b][l] - (long) onnx.spikes()[b][l]);
        }
      }
    }

    ExportProof proof(boolean multiplicationFree, String runtime) {
      return new ExportProof(
          images, agreements, maxLogitError, spikes, differing, multiplicationFree, runtime);
    }

    private static int argmax(float[] logits) {
      int best = 0;
      for (int k = 1; k < logits.length; k++) {
        if (logits[k] > logits[best]) {
          best = k;
        }
      }
      return best;
    }
  }
}
