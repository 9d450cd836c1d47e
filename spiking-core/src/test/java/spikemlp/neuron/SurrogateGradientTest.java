package spikemlp.neuron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.contract.network.Surrogate;

final class SurrogateGradientTest {

  @ParameterizedTest
  @EnumSource
  void theDerivativeIsThePrimitives(Surrogate surrogate) {
    double e = 1e-6;
    for (double x = -3.0037; x < 3; x += 0.05) {
      double difference =
          (SurrogateGradient.primitive(surrogate, x + e)
                  - SurrogateGradient.primitive(surrogate, x - e))
              / (2 * e);
      assertThat(SurrogateGradient.derivative(surrogate, x))
          .as("%s at %s", surrogate, x)
          .isCloseTo(difference, within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePrimitiveRisesFromZeroToOne(Surrogate surrogate) {
    assertThat(SurrogateGradient.primitive(surrogate, -50)).isCloseTo(0, within(1e-9));
    assertThat(SurrogateGradient.primitive(surrogate, 0)).isCloseTo(0.5, within(1e-9));
    assertThat(SurrogateGradient.primitive(surrogate, 50)).isCloseTo(1, within(1e-9));
    assertThat(SurrogateGradient.derivative(surrogate, -1e6)).isZero();
  }
}
