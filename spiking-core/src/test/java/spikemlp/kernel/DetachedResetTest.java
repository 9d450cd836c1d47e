package spikemlp.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.contract.network.Surrogate;
import spikemlp.neuron.LifNeuron;
import spikemlp.neuron.SurrogateGradient;

/** The neuron's gradient, its reset detached or not, against central differences. */
final class DetachedResetTest {

  private static final int STEPS = 6;
  private static final double TAU = 1.6;
  private static final double THRESHOLD = 0.8;

  @ParameterizedTest
  @EnumSource
  void theGradientIsTheCentralDifference(Surrogate surrogate) {
    for (boolean detach : new boolean[] {true, false}) {
      SplittableRandom random = new SplittableRandom(3);
      double[] z = random.doubles(STEPS, -1, 3.1).toArray();
      double[] weights = random.doubles(STEPS, -1, 1).toArray();
      double[] spikes = new double[STEPS];
      run(z, weights, surrogate, spikes, false);
      Tensor state = Tensor.zeros(Precision.DOUBLE, STEPS);
      Tensor gradient = Tensor.zeros(Precision.DOUBLE, STEPS);
      for (int t = 0; t < STEPS; t++) {
        state.set(t, z[t]);
        gradient.set(t, weights[t]);
      }
      NaiveKernels.smooth(Precision.DOUBLE)
          .fireBackward(
              new Charge(STEPS, 1, 1, Current.plain(state, true), List.of()),
              new LifNeuron(TAU, THRESHOLD, detach, surrogate),
              gradient,
              0,
              Optional.empty());
      for (int t = 0; t < STEPS; t++) {
        double e = 1e-6;
        double[] up = z.clone();
        up[t] += e;
        double[] down = z.clone();
        down[t] -= e;
        double difference =
            (run(up, weights, surrogate, spikes.clone(), detach)
                    - run(down, weights, surrogate, spikes.clone(), detach))
                / (2 * e);
        assertThat(gradient.get(t))
            .as("step %d, detached %s", t, detach)
            .isCloseTo(difference, within(1e-6));
      }
    }
  }

  /** Σ weights·s; with {@code frozen}, the reset uses the given spikes, else it fills them. */
  private static double run(
      double[] z, double[] weights, Surrogate surrogate, double[] resetSpikes, boolean frozen) {
    double v = 0;
    double sum = 0;
    for (int t = 0; t < STEPS; t++) {
      double h = v + (z[t] - v) / TAU;
      double s = SurrogateGradient.primitive(surrogate, h - THRESHOLD);
      if (!frozen) {
        resetSpikes[t] = s;
      }
      v = h * (1 - resetSpikes[t]);
      sum += weights[t] * s;
    }
    return sum;
  }
}
