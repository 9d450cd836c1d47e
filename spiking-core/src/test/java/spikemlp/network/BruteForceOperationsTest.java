package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import spikemlp.kernel.Workers;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.layer.SpikingLayer;

/**
 * Operation counts against a walk over every recorded spike to every output it really reaches, with
 * the network's structure written out here once more.
 */
final class BruteForceOperationsTest {

  static Stream<Arguments> networks() {
    Skips all = new Skips(true, true, true, true);
    return Stream.of(
        Arguments.of(PatchEncoding.SPE, 10, 14, 2, 6, List.of(1, 1, 1), 3, Skips.DEFAULT, 4),
        Arguments.of(PatchEncoding.SPE, 9, 21, 3, 3, List.of(2, 1), 2, Skips.NONE, 1),
        Arguments.of(PatchEncoding.SPE, 7, 5, 1, 9, List.of(2, 2), 1, all, 3),
        Arguments.of(
            PatchEncoding.SPE, 6, 6, 2, 5, List.of(3), 2, new Skips(false, true, false, true), 2),
        Arguments.of(PatchEncoding.PARTITION, 10, 14, 2, 5, List.of(2, 1), 3, all, 2),
        Arguments.of(PatchEncoding.PARTITION, 15, 11, 1, 2, List.of(1, 2, 1), 1, Skips.NONE, 3),
        Arguments.of(
            PatchEncoding.PARTITION,
            12,
            20,
            4,
            7,
            List.of(1, 1),
            2,
            new Skips(true, false, false, false),
            1),
        Arguments.of(
            PatchEncoding.PARTITION,
            18,
            6,
            2,
            4,
            List.of(2, 2),
            2,
            new Skips(false, false, true, true),
            4));
  }

  @ParameterizedTest(name = "{0}, {1}×{2} by {3}, C₁ = {4}, {5}, α = {6}, {7}, T = {8}")
  @MethodSource("networks")
  void countsAreThoseOfEverySpikesRealFanOut(
      PatchEncoding encoding,
      int height,
      int width,
      int patch,
      int channels,
      List<Integer> depths,
      int ratio,
      Skips skips,
      int steps) {
    NetworkConfig config =
        new NetworkConfig(
            height,
            width,
            patch,
            channels,
            depths,
            ratio,
            encoding,
            skips,
            5,
            steps,
            2,
            1,
            true,
            Surrogate.SIGMOID,
            1e-5,
            0.1);
    try (SpikingMlp network = SpikingMlp.create(config, 3)) {
      enliven(network);
      SplittableRandom random = new SplittableRandom(8);
      float[] image = new float[3 * height * width];
      for (int i = 0; i < image.length; i++) {
        image[i] = (float) random.nextGaussian();
      }
      SpikingMlp.Outputs outputs = network.infer(image, 1);
      OperationCounts counts =
          SpikeActivity.recorded(
                  network.topology(), steps, outputs.spikes()[0], outputs.windows()[0])
              .counts();
      Map<String, Recorded> recorded = record(network, image);
      assertThat(recorded.values().stream().mapToLong(Recorded::fired))
          .as("spikes of each layer")
          .allSatisfy(fired -> assertThat(fired).isPositive());
      BruteForce force = new BruteForce(config, recorded);
      force.run();
      assertThat(counts.synapticAdditions()).isEqualTo(force.additions);
      assertThat(counts.macs()).isEqualTo(force.macs);
      assertThat(counts.macsEveryStep()).isEqualTo(steps * force.macs);
      assertThat(counts.membraneUpdates()).isEqualTo(force.membraneUpdates);
      assertThat(counts.biasAdditions()).isEqualTo(force.biasAdditions);
      assertThat(counts.skipAdditions()).isEqualTo(force.skipAdditions);
      recorded.values().forEach(Recorded::fillWithSpikes);
      BruteForce dense = new BruteForce(config, recorded);
      dense.run();
      assertThat(counts.denseAdditions()).isEqualTo(dense.additions);
      assertThat(counts.annMacs()).isEqualTo(dense.annMacs);
    }
  }

  /** Raises β so that deep layers fire too. */
  private static void enliven(SpikingMlp network) {
    SplittableRandom random = new SplittableRandom(6);
    Parameters parameters = network.parameters();
    for (Parameter parameter : parameters.byName().values()) {
      if (parameter.name().endsWith("bn.bias")) {
        double[] beta = random.doubles(parameter.size(), 1, 6).toArray();
        parameters.write(parameter, parameters.values(), beta);
      }
    }
    parameters.changed();
  }

  private static Map<String, Recorded> record(SpikingMlp network, float[] image) {
    Map<String, Recorded> recorded = new HashMap<>();
    try (Layers layers = network.layers(Workers.CALLER, 1, false)) {
      for (int i = 0; i < image.length; i++) {
        layers.images().set(i, image[i]);
      }
      layers.forward();
      for (SpikingLayer layer : layers.neurons()) {
        boolean[][] spikes = new boolean[(int) layer.spikes().rows()][layer.spikes().width()];
        for (int row = 0; row < spikes.length; row++) {
          for (int c = 0; c < spikes[row].length; c++) {
            spikes[row][c] = layer.spikes().get(row, c) == 1;
          }
        }
        recorded.put(layer.name(), new Recorded(spikes));
      }
    }
    return recorded;
  }

  /** A layer's spikes {@code [T·H·W][C]}. */
  private record Recorded(boolean[][] spikes) {

    boolean at(int t, int tokens, int token, int channel) {
      assertThat(spikes.length % tokens).isZero();
      return spikes[t * tokens + token][channel];
    }

    int channels() {
      return spikes[0].length;
    }

    long fired() {
      long sum = 0;
      for (boolean[] row : spikes) {
        for (boolean spike : row) {
          sum += spike ? 1 : 0;
        }
      }
      return sum;
    }

    void fillWithSpikes() {
      for (boolean[] row : spikes) {
        Arrays.fill(row, true);
      }
    }
  }

  /** The paper's structure, walked one spike and one output at a time. */
  private static final class BruteForce {
    private final NetworkConfig config;
    private final Map<String, Recorded> recorded;
    private final List<String> visited = new ArrayList<>();
    private int height;
    private int width;
    private int channels;
    private int t;
    private long additions;
    private long macs;
    private long annMacs;
    private long membraneUpdates;
    private long biasAdditions;
    private long skipAdditions;

    BruteForce(NetworkConfig config, Map<String, Recorded> recorded) {
      this.config = config;
      this.recorded = recorded;
    }

    void run() {
      for (t = 0; t < config.timeSteps(); t++) {
        visited.clear();
        step();
      }
      assertThat(visited).containsExactlyInAnyOrderElementsOf(recorded.keySet());
    }

    private void step() {
      height = config.imageHeight() / config.patchSize();
      width = config.imageWidth() / config.patchSize();
      channels = config.embeddingDim();
      if (t == 0) {
        image();
      }
      for (int i = 0; i < config.depths().size(); i++) {
        String stage = "stages." + i;
        if (i > 0 && config.patchEncoding() == PatchEncoding.SPE) {
          encoding(stage + ".patch", last(i - 1));
        } else if (i > 0) {
          partition(last(i - 1));
        }
        neurons(stage + ".lif_patch", channels);
        String x = stage + ".lif_patch";
        for (int j = 0; j < config.depths().get(i); j++) {
          mixer(stage + ".mixers." + j, x, j == 0);
          x = stage + ".mixers." + j + ".lif_channel";
        }
      }
      head(last(config.depths().size() - 1));
    }

    private String last(int stage) {
      return "stages." + stage + ".mixers." + (config.depths().get(stage) - 1) + ".lif_channel";
    }

    private void image() {
      int p = config.patchSize();
      for (int output = 0; output < channels * height * width; output++) {
        for (int input = 0; input < 3 * p * p; input++) {
          macs++;
          annMacs++;
        }
        biasAdditions++;
      }
    }

    private void neurons(String name, int count) {
      visited.add(name);
      assertThat(recorded.get(name).channels()).isEqualTo(count);
      for (int n = 0; n < count * height * width; n++) {
        membraneUpdates++;
      }
    }

    private void encoding(String patch, String x) {
      int fromHeight = height;
      int fromWidth = width;
      channels *= 2;
      height = (height + 1) / 2;
      width = (width + 1) / 2;
      int n = channels / 3;
      for (int node = 0; node < 3; node++) {
        convolve(x, fromHeight, fromWidth, 3, 2, 1, n);
      }
      neurons(patch + ".lif_1", n);
      convolve(patch + ".lif_1", height, width, 3, 1, 1, n);
      neurons(patch + ".lif_2", n);
      convolve(patch + ".lif_2", height, width, 3, 1, 1, n);
      skip(n); // b: the second input node joins
      skip(n); // d: the third input node joins
      skip(n); // d: a joins
    }

    private void partition(String x) {
      int fromHeight = height;
      int fromWidth = width;
      channels *= 2;
      height /= 2;
      width /= 2;
      convolve(x, fromHeight, fromWidth, 2, 2, 0, channels);
    }

    /** Scatters every spike into each output whose window it lies in. */
    private void convolve(
        String source, int fromHeight, int fromWidth, int k, int stride, int pad, int outputs) {
      Recorded spikes = recorded.get(source);
      for (int y = 0; y < fromHeight; y++) {
        for (int x = 0; x < fromWidth; x++) {
          for (int c = 0; c < spikes.channels(); c++) {
            if (!spikes.at(t, fromHeight * fromWidth, y * fromWidth + x, c)) {
              continue;
            }
            for (int oy = 0; oy < height; oy++) {
              for (int ox = 0; ox < width; ox++) {
                int ky = y - (oy * stride - pad);
                int kx = x - (ox * stride - pad);
                if (ky >= 0 && ky < k && kx >= 0 && kx < k) {
                  for (int o = 0; o < outputs; o++) {
                    addition();
                  }
                }
              }
            }
          }
        }
      }
      biases(outputs);
    }

    private void addition() {
      additions++;
      annMacs += t == 0 ? 1 : 0;
    }

    private void biases(int outputs) {
      for (int o = 0; o < outputs * height * width; o++) {
        biasAdditions++;
      }
    }

    private void skip(int outputs) {
      for (int o = 0; o < outputs * height * width; o++) {
        skipAdditions++;
      }
    }

    private void mixer(String name, String x, boolean first) {
      int hidden = config.expansionRatio() * channels;
      scatter(x, height);
      biases(channels);
      neurons(name + ".lif_h", channels);
      scatter(x, width);
      biases(channels);
      neurons(name + ".lif_w", channels);
      scatter(name + ".lif_h", channels);
      scatter(name + ".lif_w", channels);
      scatter(x, channels);
      biases(channels);
      if (first || config.skips().pt()) {
        skip(channels);
      }
      if (!first && config.skips().ct()) {
        skip(channels);
      }
      neurons(name + ".lif_token", channels);
      scatter(name + ".lif_token", hidden);
      biases(hidden);
      neurons(name + ".lif_hidden", hidden);
      scatter(name + ".lif_hidden", channels);
      biases(channels);
      if (config.skips().pc()) {
        skip(channels);
      }
      if (config.skips().tc()) {
        skip(channels);
      }
      neurons(name + ".lif_channel", channels);
    }

    /** Every spike of a layer goes to so many outputs: those of its axis or of its token. */
    private void scatter(String source, int outputs) {
      Recorded spikes = recorded.get(source);
      for (int token = 0; token < height * width; token++) {
        for (int c = 0; c < spikes.channels(); c++) {
          if (spikes.at(t, height * width, token, c)) {
            for (int o = 0; o < outputs; o++) {
              addition();
            }
          }
        }
      }
    }

    private void head(String x) {
      scatter(x, height * width);
      biases(channels);
      neurons("head.lif", channels);
      long before = annMacs;
      scatter("head.lif", config.classes());
      annMacs = before;
      if (t == 0) {
        for (int k = 0; k < config.classes(); k++) {
          biasAdditions++;
          annMacs += channels; // an artificial network's classifier reads the mean over tokens
        }
      }
    }
  }
}
