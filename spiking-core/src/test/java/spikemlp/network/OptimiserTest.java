package spikemlp.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.checkpoint.WeightTensor;
import spikemlp.contract.job.Augmentation;
import spikemlp.contract.job.LearningRateSchedule;
import spikemlp.contract.job.Optimisation;
import spikemlp.contract.job.Optimizer;
import spikemlp.contract.job.TrainingPlan;
import spikemlp.contract.network.Loss;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.kernel.Tensor;
import spikemlp.kernel.Workers;
import spikemlp.layer.Parameters;

final class OptimiserTest {

  private static final NetworkConfig NETWORK = NetworkConfig.of(8, 8, 2, 6, List.of(1, 1), 2);

  private static TrainingPlan plan(Optimizer optimizer, double weightDecay, double clip) {
    return new TrainingPlan(
        1,
        1,
        0.1,
        0.9,
        weightDecay,
        Loss.MEAN,
        0,
        Augmentation.NONE,
        1,
        new Optimisation(optimizer, LearningRateSchedule.COSINE, clip, 0, 0));
  }

  @ParameterizedTest
  @EnumSource
  void decayActsOnTheMatricesOfProductsAlone(Optimizer optimizer) {
    try (SpikingMlp network = SpikingMlp.create(NETWORK, 1)) {
      Parameters parameters = network.parameters();
      for (long i = 0; i < parameters.trainable(); i++) {
        parameters.values().set(i, 2);
      }
      new Optimiser(network, plan(optimizer, 0.5, 0)).step(0.1, 1); // of gradients that are 0
      parameters
          .byName()
          .forEach((name, parameter) -> {
            boolean decays =
                name.endsWith(".fc.weight")
                    || name.endsWith(".conv.weight")
                    || name.equals("head.classifier.weight");
            if (parameter.trainable()) {
              assertThat(parameters.read(parameter, parameters.values()))
                  .as(name)
                  .containsOnly((float) (decays ? 2 - 0.1 * 0.5 * 2 : 2));
            }
          });
      assertThat(parameters.ranges().stream().mapToLong(Parameters.Range::count).sum())
          .isEqualTo(parameters.trainable());
    }
  }

  @Test
  void withoutDecayAStepIsThatOfPlainSgd() {
    WeightTensor[] weights = new WeightTensor[2];
    for (int which = 0; which < 2; which++) {
      try (SpikingMlp network = SpikingMlp.create(NETWORK, 1)) {
        gradients(network, 1);
        if (which == 0) {
          network.parameters().descend(network.kernels(), 0.1, 0.9, 0);
        } else {
          new Optimiser(network, plan(Optimizer.SGD, 0, 0)).step(0.1, 1);
        }
        weights[which] = network.weights().get("head.token_fc.fc.weight");
      }
    }
    assertThat(weights[1].values()).containsExactly(weights[0].values());
  }

  @Test
  void clippingScalesAllGradientsToTheNorm() {
    try (SpikingMlp network = SpikingMlp.create(NETWORK, 1)) {
      Tensor gradients = gradients(network, 1);
      double[] before = numbers(gradients);
      double norm = Math.sqrt(Arrays.stream(before).map(g -> g * g).sum());
      new Optimiser(network, plan(Optimizer.SGD, 0, norm * 1.01)).step(0.1, 1);
      assertThat(numbers(gradients)).containsExactly(before);
      new Optimiser(network, plan(Optimizer.SGD, 0, norm / 4)).step(0.1, 1);
      for (int i = 0; i < before.length; i++) {
        assertThat(gradients.get(i)).isCloseTo(before[i] / 4, within(1e-6));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStepAllocatesNextToNothing(Optimizer optimizer) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    NetworkConfig wide = NetworkConfig.of(32, 32, 4, 96, List.of(2, 2), 10);
    try (SpikingMlp network = SpikingMlp.create(wide, 1);
        WeightAverage average = new WeightAverage(network, 0.99)) {
      gradients(network, 1);
      Optimiser optimiser = new Optimiser(network, plan(optimizer, 0.01, 0.1));
      long steps = 2000; // compiled after the first of them, vectors are no objects any more
      long before = 0;
      for (long number = 1; number <= steps; number++) {
        if (number == steps - 100) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        optimiser.step(1e-4, number);
        average.follow(number);
      }
      assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 100).isLessThan(10_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theThreadsDoNotChangeTheWeights(Optimizer optimizer) {
    Map<String, WeightTensor> one = trained(optimizer, Workers.CALLER);
    trained(optimizer, new Workers(3))
        .forEach((name, tensor) ->
            assertThat(tensor.values()).as(name).containsExactly(one.get(name).values()));
  }

  private static Map<String, WeightTensor> trained(Optimizer optimizer, Workers workers) {
    try (SpikingMlp network = SpikingMlp.create(NETWORK, 1);
        Backpropagation pass = new Backpropagation(network, 5, workers)) {
      Optimiser optimiser = new Optimiser(network, plan(optimizer, 0.01, 0.1));
      SplittableRandom random = new SplittableRandom(2);
      for (long number = 1; number <= 4; number++) {
        for (long i = 0; i < pass.images().size(); i++) {
          pass.images().set(i, random.nextDouble(-2, 2));
        }
        Objective objective = new Objective(Loss.MEAN, 0, 1);
        pass.backward(objective.evaluate(pass.forward(), new int[] {0, 1, 0, 1, 1}).dLogits());
        optimiser.step(0.05, number);
      }
      return network.weights();
    }
  }

  private static Tensor gradients(SpikingMlp network, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor gradients = network.parameters().gradients();
    for (long i = 0; i < gradients.size(); i++) {
      gradients.set(i, random.nextDouble(-1, 1));
    }
    return gradients;
  }

  private static double[] numbers(Tensor tensor) {
    double[] numbers = new double[(int) tensor.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = tensor.get(i);
    }
    return numbers;
  }
}
