package spikemlp.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import spikemlp.contract.energy.MemoryAwareModel;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Variant;
import spikemlp.network.SpikingMlp;
import spikemlp.network.TrainingMemory;

final class NetworkEstimateTest {

  private static NetworkEstimate estimate(NetworkConfig config, double rate, int batchSize) {
    return NetworkEstimate.of(
        config,
        (topology, steps) -> SpikeActivity.atRate(topology, steps, rate),
        MemoryAwareModel.DEFAULT,
        batchSize);
  }

  @Test
  void thePapersLargestTableComesOut() {
    NetworkEstimate estimate = estimate(Variant.MLP_SPE_T.configure(224, 1000), 0.14, 2);
    assertThat(estimate.parameters()).isEqualTo(25_195_875);
    assertThat(estimate.denseAdditionsPerStep()).isEqualTo(4_976_800_920L);
    assertThat(estimate.operations().synapticAdditions() / 1e9).isCloseTo(2.79, within(0.005));
    assertThat(estimate.paper().denseAdditionsPerStep() / 1e9).isCloseTo(4.97, within(0.005));
    assertThat(estimate.paper().picojoules() / 1e9).isCloseTo(2.5, within(0.05));
    assertThat(estimate.paper().annPicojoules() / 1e9).isCloseTo(22.9, within(0.05));
    assertThat(estimate.energy().getFirst().picojoules())
        .isCloseTo(0.9 * estimate.operations().synapticAdditions() + 4.6 * 11_741_184, within(1.0));
    assertThat(estimate.quantisedAnn().activationBits()).isEqualTo(3);
    assertThat(estimate.memoryAware().picojoules())
        .isGreaterThan(estimate.energy().getFirst().picojoules());
  }

  @ParameterizedTest
  @EnumSource
  void parametersAreThoseThatTheNetworkLays(Variant variant) {
    NetworkConfig config = variant.configure(224, 1000);
    assertThat(estimate(config, 0.1, 1).parameters()).isEqualTo(SpikingMlp.parameterCount(config));
  }

  @Test
  void memoryIsThatOfEveryNumber() {
    NetworkConfig config = NetworkConfig.of(2, 2, 1, 3, List.of(1), 2);
    MemoryEstimate memory = estimate(config, 0.5, 4).memory();
    long weights = 3 * 3 + 4 + 4 + 27 + 27 + 27 + 16 + 6;
    long biases = 3 + 2 + 2 + 3 + 9 + 3 + 4 + 2;
    assertThat(memory.weightBytes()).isEqualTo(4 * (weights + biases));
    assertThat(memory.int8WeightBytes()).isEqualTo(weights + 4 * biases);
    long neurons = 4 * (6 * 3 + 9);
    assertThat(memory.potentialBytes()).isEqualTo(4 * neurons);
    assertThat(memory.spikeBytes()).isEqualTo((neurons + 7) / 8);
    assertThat(memory.trainingBytes().total())
        .isEqualTo(TrainingMemory.of(config, List.of(4)).bytes());
    assertThatThrownBy(() -> estimate(config, 0.5, 0)).hasMessageContaining("not 0");
  }
}
