package spikemlp.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.SynapticLayer;
import spikemlp.contract.card.Topology;
import spikemlp.contract.card.WeightPrecision;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.export.OnnxExporter;
import spikemlp.inference.fixture.GoldenNetwork;
import spikemlp.inference.fixture.TinyModel;

/** Serves the golden vectors' trained networks as the platform exports them. */
class GoldenVectorTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "all-skips",
        "one-step-no-skips",
        "partition-ct-full-reset",
        "spe-default",
        "tet-six-steps",
        "three-stages"
      })
  void everySampleFiresTheReferencesSpikesAloneAndInABatch(String vector) {
    SafetensorsFile golden = GoldenNetwork.named(vector);
    NetworkConfig network = GoldenNetwork.config(golden);
    ModelCard card = TinyModel.card(network);
    Path file = directory.resolve("model.onnx");
    OnnxExporter.export(GoldenNetwork.weights(golden), card, file);
    float[] images = golden.floats("input").values();
    int batch = golden.tensor("input").shape()[0];
    int size = images.length / batch;
    Deadline soon = Deadline.in(Duration.ofSeconds(60));
    try (LoadedModels models =
            new LoadedModels(
                1,
                new Places(1, 0, Duration.ofHours(1)),
                new Batching.Limits(1, Duration.ZERO),
                Clock.systemUTC());
        Lease model =
            models.lease(
                new ServedVersion(vector, 1, WeightPrecision.FP32, "golden"), () -> file, soon)) {
      Outputs together = model.infer(images, batch, soon);
      for (int b = 0; b < batch; b++) {
        Outputs alone = model.infer(Arrays.copyOfRange(images, b * size, (b + 1) * size), 1, soon);
        long[] expected = spikes(golden, card.topology(), b);
        assertThat(alone.spikes()[0]).isEqualTo(expected);
        assertThat(together.spikes()[b]).isEqualTo(expected);
        assertThat(together.windows()[b]).isEqualTo(alone.windows()[0]);
        assertAdditions(card, expected, alone.windows()[0]);
        double[] logits = golden.doubles("eval/logits").values();
        for (int k = 0; k < network.classes(); k++) {
          assertThat((double) alone.logits()[0][k])
              .isCloseTo(logits[b * network.classes() + k], within(1e-4));
        }
      }
    }
  }

  /** AC = Σ over layers of fan-out × the reference's spikes; at windows, between the bounds. */
  private static void assertAdditions(ModelCard card, long[] expected, long[] windows) {
    Topology topology = card.topology();
    int timeSteps = card.network().timeSteps();
    long additions =
        SpikeActivity.recorded(topology, timeSteps, expected, windows).counts().synapticAdditions();
    long uniform = 0;
    for (SynapticLayer layer : topology.synapses()) {
      if (layer.kind() == SynapticLayer.Kind.UNIFORM) {
        for (int l = 0; l < expected.length; l++) {
          boolean source = layer.sources().contains(topology.neurons().get(l).name());
          uniform += source ? layer.fanOut() * expected[l] : 0;
        }
      } else if (layer.kind() == SynapticLayer.Kind.WINDOWED) {
        uniform += layer.fanOut() * windows[layer.window()];
      }
    }
    assertThat(additions).isEqualTo(uniform);
    for (int q = 0; q < windows.length; q++) {
      int source = names(topology).indexOf(topology.windows().get(q).source());
      int kernel = topology.windows().get(q).kernel();
      assertThat(windows[q]).isBetween(0L, (long) kernel * kernel * expected[source]);
    }
  }

  private static List<String> names(Topology topology) {
    return topology.neurons().stream().map(layer -> layer.name()).toList();
  }

  private static long[] spikes(SafetensorsFile golden, Topology topology, int sample) {
    return names(topology).stream()
        .mapToLong(name -> (long) golden.doubles("eval/spikes_per_sample/" + name).values()[sample])
        .toArray();
  }
}
