package spikemlp.benchmark.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import spikemlp.benchmark.train.Request;
import spikemlp.checkpoint.Safetensors;
import spikemlp.checkpoint.SafetensorsFile;
import spikemlp.checkpoint.StoredTensor;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;

/** The peer as a worker: files in, files out. */
final class LibtorchPeerTest {

  private static final Path VECTOR =
      Path.of("../spiking-core/src/test/resources/reference/three-stages.safetensors");

  @TempDir private Path directory;

  private Request.Load load(SafetensorsFile vector, String settings) {
    Map<String, StoredTensor> weights = new LinkedHashMap<>();
    for (String name : vector.tensors().keySet()) {
      if (name.startsWith("before/")) {
        weights.put(name.substring("before/".length()), vector.tensor(name));
      }
    }
    Path weightsFile = directory.resolve("weights");
    Safetensors.write(weightsFile, Map.of(), weights);
    Path batch = directory.resolve("batch");
    Safetensors.write(
        batch,
        Map.of(),
        Map.of("images", vector.floats("input"), "labels", vector.longs("labels")));
    int[] input = vector.doubles("input").shape();
    NetworkConfig network =
        new NetworkConfig(
            input[2],
            input[3],
            vector.doubles("before/stages.0.patch.conv.weight").shape()[2],
            vector.doubles("before/stages.0.patch.conv.weight").shape()[0],
            List.of(1, 1, 2),
            2,
            PatchEncoding.SPE,
            Skips.DEFAULT,
            vector.doubles("before/head.classifier.bias").shape()[0],
            vector.doubles("train/logits_per_step").shape()[0],
            2,
            1,
            true,
            Surrogate.SIGMOID,
            1e-5,
            0.1);
    return new Request.Load(
        network,
        weightsFile.toString(),
        batch.toString(),
        Request.NumberFormat.DOUBLE,
        1,
        settings);
  }

  @Test
  void writesGradientsAndSpikes() {
    SafetensorsFile vector = Safetensors.read(VECTOR);
    Path file = directory.resolve("gradients");
    try (LibtorchPeer peer = new LibtorchPeer()) {
      Request.Load load = load(vector, peer.settings().getFirst());
      peer.load(load);
      peer.evaluate();
      peer.gradients(file);
      peer.train();
      peer.load(load);
      peer.train();
    }
    SafetensorsFile written = Safetensors.read(file);
    for (String name : vector.tensors().keySet()) {
      if (name.startsWith("grad/")) {
        assertThat(written.doubles(name).shape()).isEqualTo(vector.doubles(name).shape());
        assertThat(written.doubles(name).values())
            .as(name)
            .containsExactly(vector.doubles(name).values(), within(1e-9));
      }
    }
    assertThat(written.doubles("logits").shape())
        .isEqualTo(vector.doubles("train/logits_per_step").shape());
    assertThat(written.doubles("loss").values())
        .containsExactly(vector.doubles("train/loss_0").values(), within(1e-9));
    long[] spikes = written.longs("spikes/head.lif").values();
    assertThat(spikes).hasSize(vector.longs("labels").size());
    assertThat(Arrays.stream(spikes).sum()).isPositive();
  }

  @Test
  void refusesWhatItCannotCompute() {
    SafetensorsFile vector = Safetensors.read(VECTOR);
    try (LibtorchPeer peer = new LibtorchPeer()) {
      assertThatThrownBy(peer::train)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("nothing is loaded");
      Request.Load unknown = load(vector, "as fast as light");
      assertThatThrownBy(() -> peer.load(unknown))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("as fast as light");
    }
  }

  @Test
  void sharesNoLibraryWithNd4j() {
    List<String> jars = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    assertThat(jars).noneMatch(jar -> jar.contains("nd4j"));
    assertThat(jars.stream().filter(jar -> jar.matches(".*/javacpp-[0-9.]+\\.jar"))).hasSize(1);
    assertThat(new LibtorchPeer().version()).startsWith("libtorch 2.");
  }
}
