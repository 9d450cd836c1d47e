package spikemlp.benchmark.serve;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import spikemlp.contract.card.ModelCard;

/** ONNX Runtime in a loop, with no service around: one session, one thread a caller. */
final class RawRuntime implements AutoCloseable {

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final ServedNetwork network;
  private final FloatBuffer images;

  RawRuntime(ServedNetwork network, Path file) {
    this.network = network;
    this.images =
        ByteBuffer.allocateDirect(network.imageSize() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    images.put(0, network.image());
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      session = environment.createSession(file.toString(), options);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not load " + file.getFileName(), e);
    }
  }

  /** Computes one image. */
  void run() {
    long[] shape = {1, 3, network.config().imageHeight(), network.config().imageWidth()};
    try (OnnxTensor input = OnnxTensor.createTensor(environment, images.duplicate(), shape)) {
      session.run(Map.of(ModelCard.INPUT_NAME, input)).close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not run", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not close", e);
    }
  }
}
