package spikemlp.neurobench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;
import spikemlp.network.SpikingMlp;

/** The metrics against a network that multiplies one input with one weight at a time. */
final class NeuroBenchTest {

  private static final int BATCH = 3;

  static Stream<Arguments> networks() {
    Skips all = new Skips(true, true, true, true);
    return Stream.of(
        Arguments.of(
            NetworkConfig.of(10, 14, 2, 6, List.of(1, 2, 1), 3).withSkips(all).withTimeSteps(3)),
        Arguments.of(NetworkConfig.of(9, 6, 3, 9, List.of(2, 1), 4).withSkips(Skips.NONE)),
        Arguments.of(
            NetworkConfig.of(14, 10, 2, 6, List.of(2, 1), 4)
                .withPatchEncoding(PatchEncoding.PARTITION)
                .withTimeSteps(2)),
        Arguments.of(
            NetworkConfig.of(6, 7, 1, 3, List.of(1, 1), 5)
                .withPatchEncoding(PatchEncoding.PARTITION)
                .withSkips(all)
                .withTimeSteps(1)));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void countsWhatANaiveNetworkDoes(NetworkConfig config) {
    try (SpikingMlp network = SpikingMlp.create(config, 4)) {
      prune(network);
      float[] images = images(config);
      int size = images.length / BATCH;
      Map<String, WeightTensor> weights = network.foldedWeights();
      SpikingMlp.Outputs outputs = network.infer(images, BATCH);
      NeuroBench bench = new NeuroBench(network);
      bench.add(images, BATCH);
      NeuroBenchMetrics metrics = bench.metrics();

      double acs = 0;
      double macs = 0;
      double updates = 0;
      double fired = 0;
      double chances = 0;
      for (int b = 0; b < BATCH; b++) {
        NaiveInference naive = new NaiveInference(config, weights);
        naive.run(Arrays.copyOfRange(images, b * size, (b + 1) * size));
        List<NeuronLayer> layers = network.topology().neurons();
        for (int l = 0; l < layers.size(); l++) {
          assertThat(outputs.spikes()[b][l])
              .as(layers.get(l).name())
              .isEqualTo(naive.spikesByLayer.get(layers.get(l).name()));
          fired += outputs.spikes()[b][l];
        }
        acs += naive.acs;
        macs += naive.macs;
        updates += naive.membraneUpdates;
        chances += naive.neuronSteps;
        assertThat(metrics.synapticOperations().dense()).isEqualTo((double) naive.dense);
      }
      assertThat(metrics.samples()).isEqualTo(BATCH);
      assertThat(metrics.synapticOperations().effectiveAcs()).isEqualTo(acs / BATCH).isPositive();
      assertThat(metrics.synapticOperations().effectiveMacs()).isEqualTo(macs / BATCH);
      assertThat(metrics.membraneUpdates()).isEqualTo(updates / BATCH);
      if (config.timeSteps() > 1) {
        assertThat(updates).isLessThan(chances);
      }
      assertThat(metrics.activationSparsity()).isEqualTo(1 - fired / chances).isBetween(0.05, 0.95);
    }
  }

  @Test
  void footprintAndConnectionSparsityAreThoseOfEveryNumber() {
    NetworkConfig config = NetworkConfig.of(10, 14, 2, 6, List.of(1, 1), 3);
    try (SpikingMlp network = SpikingMlp.create(config, 4)) {
      prune(network);
      long learnt = 0;
      long weights = 0;
      long zeros = 0;
      long folded = 0;
      for (Parameter parameter : network.parameters().byName().values()) {
        String name = parameter.name();
        learnt += parameter.size();
        boolean product =
            name.endsWith(".fc.weight")
                || name.endsWith(".conv.weight")
                || name.equals("head.classifier.weight");
        boolean bias = name.endsWith(".bias");
        folded += product || bias ? parameter.size() : 0;
        if (product) {
          weights += parameter.size();
          double[] numbers =
              network.parameters().read(parameter, network.parameters().home(parameter));
          for (double number : numbers) {
            zeros += number == 0 ? 1 : 0;
          }
        }
      }
      NeuroBench bench = new NeuroBench(network);
      assertThatThrownBy(bench::metrics).hasMessageContaining("no images");
      bench.add(images(config), BATCH);
      NeuroBenchMetrics metrics = bench.metrics();
      assertThat(metrics.learntFootprintBytes()).isEqualTo(4 * learnt);
      assertThat(metrics.footprintBytes()).isEqualTo(4 * folded);
      assertThat(metrics.connectionSparsity())
          .isCloseTo((double) zeros / weights, within(1e-12))
          .isBetween(0.25, 0.35);
    }
  }

  @Test
  void batchesDoNotMatter() {
    NetworkConfig config = NetworkConfig.of(10, 14, 2, 6, List.of(1, 1), 3);
    try (SpikingMlp network = SpikingMlp.create(config, 4)) {
      prune(network);
      float[] images = images(config);
      NeuroBench together = new NeuroBench(network);
      together.add(images, BATCH);
      NeuroBench singly = new NeuroBench(network);
      int size = images.length / BATCH;
      for (int b = 0; b < BATCH; b++) {
        singly.add(Arrays.copyOfRange(images, b * size, (b + 1) * size), 1);
      }
      assertThat(singly.metrics()).isEqualTo(together.metrics());
    }
  }

  /** Sets 3 of 10 weights to zero, and half the β, so that currents of exactly zero occur. */
  private static void prune(SpikingMlp network) {
    SplittableRandom random = new SplittableRandom(6);
    Parameters parameters = network.parameters();
    for (Parameter parameter : parameters.byName().values()) {
      double[] numbers = parameters.read(parameter, parameters.home(parameter));
      boolean beta = parameter.name().endsWith("bn.bias");
      boolean product = parameter.name().matches(".*(fc|conv|classifier)\\.weight");
      for (int i = 0; i < numbers.length; i++) {
        if (beta) {
          numbers[i] = random.nextInt(2) == 0 ? 0 : random.nextDouble(0.5, 3);
        } else if (product && random.nextInt(10) < 3) {
          numbers[i] = 0;
        }
      }
      parameters.write(parameter, parameters.home(parameter), numbers);
    }
    parameters.changed();
  }

  /** Sixteenths, zeros among them. */
  private static float[] images(NetworkConfig config) {
    SplittableRandom random = new SplittableRandom(2);
    float[] images = new float[BATCH * 3 * config.imageHeight() * config.imageWidth()];
    for (int i = 0; i < images.length; i++) {
      images[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(-32, 33) / 16f;
    }
    return images;
  }
}
