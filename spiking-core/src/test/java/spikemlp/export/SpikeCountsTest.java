package spikemlp.export;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.SpikeWindow;
import spikemlp.contract.card.Topology;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.export.OnnxGraph.Axis;
import spikemlp.export.OnnxGraph.Port;

/** Takes the spikes themselves out of the graph and counts them one by one. */
final class SpikeCountsTest {

  private static final int BATCH = 3;

  @TempDir Path directory;

  @Test
  void countsAndWindowsOfSpikingPatchEncodingAreThoseOfEverySpike() throws Exception {
    countEverySpike(NetworkConfig.of(10, 14, 2, 6, List.of(1, 1, 1), 3));
  }

  @Test
  void countsAndWindowsOfPatchPartitionAreThoseOfEverySpike() throws Exception {
    countEverySpike(
        NetworkConfig.of(10, 14, 2, 3, List.of(2, 1), 3)
            .withPatchEncoding(PatchEncoding.PARTITION));
  }

  private void countEverySpike(NetworkConfig config) throws IOException, OrtException {
    Topology topology = Topology.of(config);
    OnnxGraph graph =
        NetworkGraph.of(
            RandomWeights.of(config, 5), Cards.of(config), WeightPrecision.FP32, Map.of());
    try (OrtSession session =
            OrtEnvironment.getEnvironment().createSession(withSpikesOut(graph, topology));
        OnnxTensor images =
            OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(),
                FloatBuffer.wrap(RandomWeights.images(config, BATCH, 3)),
                new long[] {BATCH, 3, config.imageHeight(), config.imageWidth()});
        OrtSession.Result result = session.run(Map.of(ModelCard.INPUT_NAME, images))) {
      float[][] spikes = (float[][]) result.get(ModelCard.SPIKES_NAME).orElseThrow().getValue();
      float[][] windows = (float[][]) result.get(ModelCard.WINDOWS_NAME).orElseThrow().getValue();
      for (int b = 0; b < BATCH; b++) {
        for (int l = 0; l < topology.neurons().size(); l++) {
          String layer = topology.neurons().get(l).name();
          assertThat(spikes[b][l])
              .as("%s of sample %d", layer, b)
              .isEqualTo((float) count(result, layer, b, config.timeSteps()));
        }
        for (int q = 0; q < topology.windows().size(); q++) {
          SpikeWindow window = topology.windows().get(q);
          assertThat(windows[b][q])
              .as("%s of sample %d", window, b)
              .isPositive()
              .isEqualTo((float) reached(result, window, b, config.timeSteps()));
        }
      }
    }
  }

  private static long count(OrtSession.Result result, String layer, int sample, int timeSteps)
      throws OrtException {
    FloatBuffer spikes = spikesOf(result, layer);
    int size = spikes.remaining() / timeSteps / BATCH;
    long count = 0;
    for (int t = 0; t < timeSteps; t++) {
      for (int i = 0; i < size; i++) {
        float spike = spikes.get((t * BATCH + sample) * size + i);
        assertThat(spike).isIn(0f, 1f);
        count += (long) spike;
      }
    }
    return count;
  }

  /** Slides the window over the padded input and counts the spikes it covers. */
  private static long reached(OrtSession.Result result, SpikeWindow w, int sample, int timeSteps)
      throws OrtException {
    FloatBuffer spikes = spikesOf(result, w.source());
    long count = 0;
    for (int t = 0; t < timeSteps; t++) {
      int start = (t * BATCH + sample) * w.channels() * w.height() * w.width();
      for (int top = -w.padding();
          top + w.kernel() <= w.height() + w.padding();
          top += w.stride()) {
        for (int left = -w.padding();
            left + w.kernel() <= w.width() + w.padding();
            left += w.stride()) {
          for (int y = Math.max(top, 0); y < Math.min(top + w.kernel(), w.height()); y++) {
            for (int x = Math.max(left, 0); x < Math.min(left + w.kernel(), w.width()); x++) {
              for (int c = 0; c < w.channels(); c++) {
                int position = y * w.width() + x;
                count += (long) spikes.get(start + position * w.channels() + c);
              }
            }
          }
        }
      }
    }
    return count;
  }

  private static FloatBuffer spikesOf(OrtSession.Result result, String layer) throws OrtException {
    return ((OnnxTensor) result.get(layer).orElseThrow()).getFloatBuffer();
  }

  private String withSpikesOut(OnnxGraph graph, Topology topology) throws IOException {
    List<Port> outputs = new ArrayList<>(graph.outputs());
    topology.neurons().forEach(layer -> outputs.add(new Port(layer.name(), axes(layer.name()))));
    Path file = directory.resolve("spikes.onnx");
    OnnxGraph open =
        new OnnxGraph(graph.nodes(), graph.constants(), graph.inputs(), outputs, Map.of());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      OnnxFile.encode(open).writeTo(channel);
    }
    return file.toString();
  }

  /** As many free axes as the layer's spikes have. */
  private static List<Axis> axes(String layer) {
    boolean block =
        layer.endsWith(".lif_h") || layer.endsWith(".lif_w") || layer.equals("head.lif");
    int count = block ? 3 : 2;
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      axes.add(Axis.free(layer + "." + i));
    }
    return axes;
  }
}
