package spikemlp.contract.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Surrogate;

class MemoryAwareModelTest {

  private static final Offset<Double> EXACT = within(1e-6);

  /** C₁ = 2, p = 1, α = 1, K = 2, T = 2 on 2×2 pixels: every memory fits the smallest SRAM. */
  private static NetworkConfig tiny(List<Integer> depths, double tau) {
    return new NetworkConfig(
        2,
        2,
        1,
        2,
        depths,
        1,
        PatchEncoding.PARTITION,
        Skips.DEFAULT,
        2,
        2,
        tau,
        1,
        true,
        Surrogate.SIGMOID,
        1e-5,
        0.1);
  }

  /** At rate 1/2 each of 7 layers of 8 neurons fires 8 spikes over T = 2; 5 pJ a 32-bit access. */
  @Test
  void theSpikingNetworksEnergyIsTheHandCountedOne() {
    NetworkConfig config = tiny(List.of(1), 2);
    SpikeActivity activity = SpikeActivity.atRate(Topology.of(config), 2, 0.5);
    MemoryAwareModel.Energy energy = MemoryAwareModel.DEFAULT.spiking(config, activity);
    double additions = 8 * (2 + 2) + 24 * 2 + 8 * 2 + 8 * 2 + 8 * 4 + 8 * 2;
    double biases = 2 * 6 * 8 + 2;
    double updates = 2 * 56;
    double skips = 2 * 3 * 8;
    assertThat(additions).isEqualTo(160);
    assertThat(energy.operations())
        .isCloseTo(24 * 4.6 + 0.9 * (8 + additions + biases + updates + skips), EXACT);
    assertThat(energy.weights()).isCloseTo(5 * (24 + 8 + additions + biases), EXACT);
    assertThat(energy.potentials())
        .isCloseTo(
            5 * (24 + 8 + 2 * 8 + 2 * (additions + biases) + 2 * updates + 3 * skips), EXACT);
    assertThat(energy.spikes()).isCloseTo(5 * (6 * 8 + 24 + 56), EXACT);
    assertThat(energy.addressing()).isCloseTo(0.1 * (12 + 8 + additions), EXACT);
    assertThat(energy.picojoules()).isCloseTo(7261.8, EXACT);
  }

  @Test
  void theArtificialNetworksEnergyIsTheHandCountedOne() {
    NetworkConfig config = tiny(List.of(1), 2);
    SpikeActivity activity = SpikeActivity.atRate(Topology.of(config), 2, 0.5);
    MemoryAwareModel.Energy energy = MemoryAwareModel.DEFAULT.artificial(config, activity);
    double macs = 24 + 16 + 16 + 48 + 16 + 16 + 32 + 4;
    double outputs = 7 * 8 + 2;
    double inputs = 12 + 5 * 8 + 24 + 2;
    assertThat(energy.operations()).isCloseTo(4.6 * macs + 0.9 * outputs, EXACT);
    assertThat(energy.weights()).isCloseTo(5 * (macs + outputs), EXACT);
    assertThat(energy.potentials()).isCloseTo(5 * (macs + outputs), EXACT);
    assertThat(energy.spikes()).isZero();
    assertThat(energy.addressing()).isCloseTo(0.1 * (inputs + outputs), EXACT);
    assertThat(energy.picojoules()).isCloseTo(3157, EXACT);
  }

  @Test
  void aConvolutionsAddressesTakeTwoMultiplyAccumulatesASpikeMore() {
    NetworkConfig config = tiny(List.of(1, 1), 2);
    SpikeActivity activity = SpikeActivity.atRate(Topology.of(config), 2, 0.5);
    double first = 8 * (2 + 2) + 24 * 2 + 8 * 2 + 8 * 2;
    double second = 4 * (1 + 1) + 12 * 4 + 4 * 4 + 4 * 4 + 4 + 4 * 2;
    assertThat(MemoryAwareModel.DEFAULT.spiking(config, activity).addressing())
        .isCloseTo(0.1 * (12 + 8 + first + 8 * 4 + second) + 2 * 8 * 3.2, EXACT);
  }

  @Test
  void aLeakThatIsNoPowerOfTwoIsMultiplied() {
    NetworkConfig halved = tiny(List.of(1), 2);
    NetworkConfig multiplied = tiny(List.of(1), 3);
    SpikeActivity activity = SpikeActivity.atRate(Topology.of(halved), 2, 0.5);
    double more =
        MemoryAwareModel.DEFAULT.spiking(multiplied, activity).picojoules()
            - MemoryAwareModel.DEFAULT.spiking(halved, activity).picojoules();
    assertThat(more).isCloseTo(112 * (4.6 - 0.9), EXACT);
  }

  @Test
  void aValueCostsWhatTheSmallestMemoryThatHoldsItsLayerDoes() {
    MemoryAccess whole = new MemoryAccess(64);
    assertThat(whole.picojoules(2048, 32)).isEqualTo(10);
    assertThat(whole.picojoules(2049, 32)).isEqualTo(20);
    assertThat(whole.picojoules(8193, 32)).isEqualTo(100);
    assertThat(whole.picojoules(262_145, 32)).isEqualTo(1300);
    assertThat(whole.picojoules(262_145, 8)).isEqualTo(100);
    assertThat(new MemoryAccess(32).picojoules(2048, 32)).isEqualTo(5);
    assertThat(new MemoryAccess(8).picojoules(2048, 32)).isEqualTo(5);
    assertThat(new MemoryAccess(24).picojoules(2048, 32)).isEqualTo(2 * 10 * 24 / 64.0);
    assertThat(new MemoryAccess(32).picojoulesOfQueue(32)).isEqualTo(5);
    assertThatThrownBy(() -> new MemoryAccess(0)).hasMessageContaining("not 0");
  }

  @Test
  void theEqualBitNetworkTellsAsManyValuesApartAsTStepsDo() {
    assertThat(QuantisedAnn.of(1, 10).activationBits()).isEqualTo(1);
    assertThat(QuantisedAnn.of(3, 10).activationBits()).isEqualTo(2);
    assertThat(QuantisedAnn.of(4, 10).activationBits()).isEqualTo(3);
    assertThat(QuantisedAnn.of(6, 10).activationBits()).isEqualTo(3);
    assertThat(QuantisedAnn.of(7, 10).activationBits()).isEqualTo(3);
    assertThat(QuantisedAnn.of(8, 10).activationBits()).isEqualTo(4);
    assertThat(QuantisedAnn.of(4, 1000).picojoules()).isCloseTo(230, EXACT);
    assertThat(QuantisedAnn.of(255, 10).model()).isEqualTo(EnergyModel.INT8);
    assertThat(QuantisedAnn.of(256, 10).model()).isEqualTo(EnergyModel.INT32);
    assertThatThrownBy(() -> QuantisedAnn.of(0, 10)).hasMessageContaining("not 0");
  }
}
