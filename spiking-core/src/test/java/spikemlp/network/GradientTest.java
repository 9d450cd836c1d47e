package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;
import spikemlp.kernel.CheckKernels;
import spikemlp.kernel.Kernels;
import spikemlp.kernel.Workers;
import spikemlp.layer.Parameter;
import spikemlp.layer.Parameters;

/**
 * Every layer's gradients against central differences in double precision, the step replaced by the
 * surrogate's primitive, so that the whole network is smooth.
 */
final class GradientTest {

  static Stream<Arguments> networks() {
    Skips all = new Skips(true, true, true, true);
    return Stream.of(
        Arguments.of("spe, sigmoid", PatchEncoding.SPE, all, Surrogate.SIGMOID, Loss.MEAN, 2),
        Arguments.of(
            "partition, exponential",
            PatchEncoding.PARTITION,
            Skips.NONE,
            Surrogate.EXPONENTIAL,
            Loss.TET,
            3),
        Arguments.of(
            "triangular", PatchEncoding.SPE, Skips.DEFAULT, Surrogate.TRIANGULAR, Loss.MEAN, 2),
        Arguments.of("rectangular", PatchEncoding.SPE, all, Surrogate.RECTANGULAR, Loss.TET, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("networks")
  void gradientsAreCentralDifferences(
      String name, PatchEncoding encoding, Skips skips, Surrogate surrogate, Loss loss, int steps) {
    NetworkConfig config =
        new NetworkConfig(
            6,
            10,
            2,
            3,
            List.of(2, 1),
            2,
            encoding,
            skips,
            3,
            steps,
            1.7,
            0.4,
            false,
            surrogate,
            1e-3,
            0.1);
    Kernels kernels = CheckKernels.inDoublePrecision();
    Objective objective = new Objective(loss, 0.3, 0.4);
    int[] labels = {0, 2, 1};
    SplittableRandom random = new SplittableRandom(11);
    try (SpikingMlp network = SpikingMlp.create(config, 5, kernels);
        Backpropagation pass = new Backpropagation(network, labels.length, Workers.CALLER)) {
      for (long i = 0; i < pass.images().size(); i++) {
        pass.images().set(i, random.nextDouble(-1, 1));
      }
      pass.backward(objective.evaluate(pass.forward(), labels).dLogits());
      Map<String, double[]> gradients = pass.gradients();
      for (Parameter parameter : network.parameters().byName().values()) {
        if (parameter.trainable()) {
          double[] gradient = gradients.get(parameter.name());
          int i = random.nextInt(gradient.length);
          double difference =
              difference(network.parameters(), parameter, i, pass, objective, labels);
          double norm = 0;
          for (double value : gradient) {
            norm = Math.max(norm, Math.abs(value));
          }
          assertThat(Math.abs(gradient[i] - difference))
              .as("%s[%d]: %s, by differences %s", parameter.name(), i, gradient[i], difference)
              .isLessThan(1e-4 * norm + 1e-7);
        }
      }
    }
  }

  private static double difference(
      Parameters parameters,
      Parameter parameter,
      int i,
      Backpropagation pass,
      Objective objective,
      int[] labels) {
    double e = 1e-6;
    double[] values = parameters.read(parameter, parameters.values());
    double original = values[i];
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      values[i] = original + (side == 0 ? -e : e);
      parameters.write(parameter, parameters.values(), values);
      losses[side] = objective.evaluate(pass.forward(), labels).loss();
    }
    values[i] = original;
    parameters.write(parameter, parameters.values(), values);
    return (losses[1] - losses[0]) / (2 * e);
  }
}
