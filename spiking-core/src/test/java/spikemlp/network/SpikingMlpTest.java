package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.SpikeWindow;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Variant;
import spikemlp.kernel.Workers;
import spikemlp.layer.SpikingLayer;

final class SpikingMlpTest {

  private static final NetworkConfig SMALL = NetworkConfig.of(12, 20, 2, 6, List.of(1, 2), 5);

  @ParameterizedTest
  @CsvSource({
    "mlp-spe-t, 25195875",
    "mlp-spe-s, 37948455",
    "mlp-spe-b, 65588703",
    "mlp-s, 34463015"
  })
  void thePublishedVariantsHaveTheirParameters(String variant, long parameters) {
    NetworkConfig config = Variant.named(variant).configure(224, 1000);
    assertThat(SpikingMlp.parameterCount(config)).isEqualTo(parameters);
  }

  @Test
  void weightsComeBackAsTheyWereLoaded() {
    for (PatchEncoding encoding : PatchEncoding.values()) {
      NetworkConfig config = SMALL.withPatchEncoding(encoding);
      try (SpikingMlp one = SpikingMlp.create(config, 1);
          SpikingMlp other = SpikingMlp.create(config, 2)) {
        Map<String, WeightTensor> weights = one.weights();
        String name = "stages.0.mixers.0.fuse.fc.weight";
        assertThat(other.weights().get(name).values()).isNotEqualTo(weights.get(name).values());
        other.load(weights);
        assertThat(other.weights().keySet()).containsExactlyElementsOf(weights.keySet());
        weights.forEach((key, tensor) ->
            assertThat(other.weights().get(key).values()).containsExactly(tensor.values()));
      }
    }
  }

  @Test
  void initialWeightsFollowFromTheSeedAndArePytorchs() {
    try (SpikingMlp one = SpikingMlp.create(SMALL, 1);
        SpikingMlp same = SpikingMlp.create(SMALL, 1)) {
      WeightTensor fuse = one.weights().get("stages.0.mixers.0.fuse.fc.weight");
      assertThat(fuse.shape()).containsExactly(6, 18);
      double bound = 1 / Math.sqrt(18);
      for (float value : fuse.values()) {
        assertThat((double) value).isBetween(-bound, bound);
      }
      assertThat(one.weights().get("stages.1.patch.input_nodes.2.bn.running_var").values())
          .containsOnly(1f);
      assertThat(one.weights().get("head.token_fc.bn.bias").values()).containsOnly(0f);
      assertThat(same.weights().get("stages.0.mixers.0.fuse.fc.weight").values())
          .containsExactly(fuse.values());
    }
  }

  @Test
  void weightsThatDoNotFitAreAllNamed() {
    try (SpikingMlp network = SpikingMlp.create(SMALL, 1)) {
      Map<String, WeightTensor> weights = new LinkedHashMap<>(network.weights());
      weights.remove("head.classifier.bias");
      weights.put("stages.9.what", new WeightTensor(new int[] {1}, new float[1]));
      weights.put("head.token_fc.bn.weight", new WeightTensor(new int[] {2}, new float[2]));
      assertThatThrownBy(() -> network.load(weights))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("head.classifier.bias is missing")
          .hasMessageContaining("stages.9.what is not part")
          .hasMessageContaining("head.token_fc.bn.weight should have shape [15], not [2]");
    }
  }

  @Test
  void weightsThatAreNoNumbersAreNamedWithTheirPlaceAndNothingChanges() {
    try (SpikingMlp network = SpikingMlp.create(SMALL, 1)) {
      Map<String, WeightTensor> before = network.weights();
      Map<String, WeightTensor> weights = network.weights();
      Arrays.fill(weights.get("stages.0.patch.conv.weight").values(), 3f);
      weights.get("stages.1.patch.node_1_2.conv.weight").values()[4 * 9 + 7] = Float.NaN;
      weights.get("head.token_fc.bn.running_var").values()[14] = Float.NEGATIVE_INFINITY;
      weights.get("head.classifier.bias").values()[0] = Float.POSITIVE_INFINITY;
      assertThatThrownBy(() -> network.load(weights))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              "stages.1.patch.node_1_2.conv.weight holds NaN at [1, 0, 2, 1]",
              "head.token_fc.bn.running_var holds -Infinity at [14]",
              "head.classifier.bias holds Infinity at [0]",
              "only finite numbers");
      network
          .weights()
          .forEach((name, tensor) ->
              assertThat(tensor.values()).as(name).containsExactly(before.get(name).values()));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void imagesWithWhatIsNoNumberAreRefusedByImageAndPlace(float value) {
    float[] images = images(3 * 720);
    images[2 * 720 + 240 + 5 * 20 + 17] = value;
    String[] expected = {"image 2", value + " at channel 1, row 5, column 17", "finite"};
    double[] wide = new double[images.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = images[i];
    }
    try (SpikingMlp network = SpikingMlp.create(SMALL, 3);
        Backpropagation pass = new Backpropagation(network, 3)) {
      Map<String, WeightTensor> before = network.weights();
      assertThatThrownBy(() -> network.infer(images, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(expected);
      assertThatThrownBy(() -> network.logitsPerStep(wide, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(expected);
      pass.images().setAll(images, 0);
      assertThatThrownBy(pass::forward)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(expected);
      network
          .weights()
          .forEach((name, tensor) ->
              assertThat(tensor.values()).as(name).containsExactly(before.get(name).values()));
    }
  }

  @Test
  void aBatchWithoutImagesIsRefused() {
    try (SpikingMlp network = SpikingMlp.create(SMALL, 3)) {
      assertThatThrownBy(() -> new Backpropagation(network, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 image or more, not 0");
      assertThatThrownBy(() -> network.infer(new float[0], 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("1 image or more, not 0");
      assertThatThrownBy(() -> network.logitsPerStep(new double[719], 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll("720", "719");
    }
  }

  @Test
  void aSamplesOutputsDoNotDependOnItsBatch() {
    try (SpikingMlp network = SpikingMlp.create(SMALL, 3)) {
      int size = 3 * 12 * 20;
      float[] images = images(5 * size);
      SpikingMlp.Outputs together = network.infer(images, 5);
      for (int b = 0; b < 5; b++) {
        float[] image = Arrays.copyOfRange(images, b * size, (b + 1) * size);
        SpikingMlp.Outputs alone = network.infer(image, 1);
        assertThat(alone.logits()[0]).containsExactly(together.logits()[b]);
        assertThat(alone.spikes()[0]).containsExactly(together.spikes()[b]);
        assertThat(alone.windows()[0]).containsExactly(together.windows()[b]);
      }
      assertThat(Arrays.stream(together.spikes()[0]).sum()).isPositive();
    }
  }

  @Test
  void windowsAreThoseThatTheConvolutionReaches() {
    for (PatchEncoding encoding : PatchEncoding.values()) {
      try (SpikingMlp network = SpikingMlp.create(SMALL.withPatchEncoding(encoding), 3)) {
        float[] images = images(3 * 12 * 20);
        long[] windows = network.infer(images, 1).windows()[0];
        try (Layers layers = network.layers(Workers.CALLER, 1, false)) {
          layers.images().setAll(images, 0);
          layers.forward();
          assertThat(windows[0]).isPositive();
          for (int q = 0; q < windows.length; q++) {
            SpikeWindow window = network.topology().windows().get(q);
            SpikingLayer source =
                layers.neurons().stream()
                    .filter(layer -> layer.name().equals(window.source()))
                    .findFirst()
                    .orElseThrow();
            assertThat(windows[q]).isEqualTo(reached(window, source));
          }
        }
      }
    }
  }

  /** Walks every output's window and adds up the spikes in it. */
  private static long reached(SpikeWindow window, SpikingLayer source) {
    int k = window.kernel();
    int rows = (window.height() + 2 * window.padding() - k) / window.stride() + 1;
    int columns = (window.width() + 2 * window.padding() - k) / window.stride() + 1;
    long sum = 0;
    for (int t = 0; t < SMALL.timeSteps(); t++) {
      for (int oy = 0; oy < rows; oy++) {
        for (int ox = 0; ox < columns; ox++) {
          for (int tap = 0; tap < k * k; tap++) {
            int y = oy * window.stride() - window.padding() + tap / k;
            int x = ox * window.stride() - window.padding() + tap % k;
            for (int c = 0; c < window.channels(); c++) {
              if (y >= 0 && y < window.height() && x >= 0 && x < window.width()) {
                long row = (long) (t * window.height() + y) * window.width() + x;
                sum += (long) source.spikes().get(row, c);
              }
            }
          }
        }
      }
    }
    return sum;
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    try (SpikingMlp network = SpikingMlp.create(SMALL, 3)) {
      assertThatThrownBy(() -> network.infer(new float[10], 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("720")
          .hasMessageContaining("10");
    }
  }

  @ParameterizedTest
  @EnumSource
  void stepsLeaveTheSameBitsAgainAndOnAnyNumberOfThreads(PatchEncoding encoding) {
    NetworkConfig config =
        SMALL.withPatchEncoding(encoding).withSkips(new Skips(true, true, true, true));
    Map<String, WeightTensor> initial;
    try (SpikingMlp network = SpikingMlp.create(config, 3)) {
      initial = network.weights();
    }
    Map<String, WeightTensor> one = trained(config, Workers.CALLER);
    for (Workers workers :
        List.of(Workers.CALLER, new Workers(2), new Workers(3), new Workers(12))) {
      trained(config, workers)
          .forEach((name, tensor) ->
              assertThat(tensor.values())
                  .as("%s on %d threads", name, workers.threads())
                  .containsExactly(one.get(name).values())
                  .isNotEqualTo(initial.get(name).values()));
    }
  }

  /** Weights and statistics after five steps on batches that differ. */
  private static Map<String, WeightTensor> trained(NetworkConfig config, Workers workers) {
    int[] labels = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0};
    float[] images = images(5 * labels.length * 720);
    Objective objective = new Objective(Loss.MEAN, 0, 1);
    try (SpikingMlp network = SpikingMlp.create(config, 3);
        Backpropagation pass = new Backpropagation(network, labels.length, workers)) {
      for (int step = 0; step < 5; step++) {
        int from = step * labels.length * 720;
        pass.images().setAll(Arrays.copyOfRange(images, from, from + labels.length * 720), 0);
        pass.backward(objective.evaluate(pass.forward(), labels).dLogits());
        pass.descend(0.1, 0.9, 1e-4);
      }
      return network.weights();
    }
  }

  @Test
  void aSingleImageWithOneTokenTrainsToFiniteNumbers() {
    NetworkConfig config = NetworkConfig.of(2, 2, 2, 3, List.of(1), 2).withTimeSteps(1);
    try (SpikingMlp network = SpikingMlp.create(config, 3);
        Backpropagation pass = new Backpropagation(network, 1)) {
      pass.images().setAll(images(12), 0);
      Objective.Result result =
          new Objective(Loss.MEAN, 0, 1).evaluate(pass.forward(), new int[] {1});
      pass.backward(result.dLogits());
      pass.descend(0.1, 0.9, 0);
      assertThat(result.loss()).isFinite();
      network
          .weights()
          .forEach((name, tensor) -> {
            for (float value : tensor.values()) {
              assertThat(value).as(name).isFinite();
            }
          });
    }
  }

  private static float[] images(int count) {
    SplittableRandom random = new SplittableRandom(9);
    float[] images = new float[count];
    for (int i = 0; i < count; i++) {
      images[i] = (float) random.nextDouble(-2, 2);
    }
    return images;
  }
}
