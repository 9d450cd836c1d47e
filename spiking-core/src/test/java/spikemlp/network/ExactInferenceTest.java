package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.kernel.Workers;
import spikemlp.layer.Parameter;

/** Inference on folded weights gives the same bits however it is run. */
final class ExactInferenceTest {

  private static final NetworkConfig CONFIG = NetworkConfig.of(12, 20, 2, 12, List.of(2, 1), 4);
  private static final int IMAGE = 3 * 12 * 20;

  @ParameterizedTest
  @EnumSource
  void aSamplesSpikesDoNotDependOnItsBatch(PatchEncoding encoding) {
    int batch = 9;
    float[] images = images(batch);
    try (SpikingMlp network = SpikingMlp.create(CONFIG.withPatchEncoding(encoding), 3)) {
      network.load(lively(network.weights()));
      SpikingMlp.Outputs together = network.infer(images, batch);
      assertThat(Arrays.stream(together.spikes()).flatMapToLong(Arrays::stream).sum())
          .isGreaterThan(10_000);
      for (int b = 0; b < batch; b++) {
        float[] image = Arrays.copyOfRange(images, b * IMAGE, (b + 1) * IMAGE);
        SpikingMlp.Outputs alone = network.infer(image, 1);
        assertThat(alone.spikes()[0]).isEqualTo(together.spikes()[b]);
        assertThat(alone.windows()[0]).isEqualTo(together.windows()[b]);
        assertThat(alone.logits()[0]).isEqualTo(together.logits()[b]);
      }
      try (Layers layers = network.layers(Workers.ALL, batch, false)) {
        layers.images().setAll(images, 0);
        layers.forward();
        for (int b = 0; b < batch; b++) {
          int sample = b;
          assertThat(layers.neurons().stream().mapToLong(layer -> layer.count(sample)).toArray())
              .as("in one product over the batch, sample %d", b)
              .isEqualTo(together.spikes()[b]);
        }
      }
    }
  }

  @Test
  void inferenceFollowsTheWeights() {
    float[] images = images(1);
    try (SpikingMlp network = SpikingMlp.create(CONFIG, 3);
        SpikingMlp other = SpikingMlp.create(CONFIG, 4)) {
      long[] before = network.infer(images, 1).spikes()[0];
      network.load(lively(other.weights()));
      other.load(lively(other.weights()));
      assertThat(network.infer(images, 1).spikes()[0])
          .isNotEqualTo(before)
          .isEqualTo(other.infer(images, 1).spikes()[0]);
    }
  }

  @Test
  void weightsThatAreNoNumbersAreNamed() {
    for (String name :
        List.of(
            "stages.1.mixers.0.fuse.fc.weight", "head.classifier.weight", "head.classifier.bias")) {
      try (SpikingMlp network = SpikingMlp.create(CONFIG, 3)) {
        Parameter parameter = network.parameters().named(name);
        network.parameters().values().set(parameter.offset() + 1, Double.NaN);
        network.parameters().changed();
        assertThatThrownBy(() -> network.infer(images(1), 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContainingAll(name, "NaN");
      }
    }
  }

  /** Biases drawn so that every layer fires. */
  private static Map<String, WeightTensor> lively(Map<String, WeightTensor> weights) {
    Random random = new Random(8);
    weights.forEach((name, tensor) -> {
      if (name.endsWith(".bn.bias")) {
        for (int i = 0; i < tensor.size(); i++) {
          tensor.values()[i] = random.nextFloat(1.5f);
        }
      }
    });
    return weights;
  }

  private static float[] images(int batch) {
    Random random = new Random(9);
    float[] images = new float[batch * IMAGE];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    return images;
  }
}
