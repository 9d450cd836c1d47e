package spikemlp.contract.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.SpikeWindow;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;

class OperationCountsTest {

  private static final NetworkConfig CONFIG = NetworkConfig.of(16, 8, 2, 6, List.of(1, 1), 5);
  private static final Topology TOPOLOGY = Topology.of(CONFIG);

  @Test
  void ifEveryNeuronSpikesTheAdditionsAreTheDenseOnes() {
    long[] spikes =
        TOPOLOGY.neurons().stream()
            .mapToLong(NeuronLayer::neurons)
            .map(n -> n * CONFIG.timeSteps())
            .toArray();
    long[] windows =
        TOPOLOGY.windows().stream()
            .mapToLong(SpikeWindow::dense)
            .map(n -> n * CONFIG.timeSteps())
            .toArray();
    OperationCounts counts = OperationCounts.count(TOPOLOGY, CONFIG.timeSteps(), spikes, windows);
    assertThat(counts.synapticAdditions()).isEqualTo(counts.denseAdditions());
    assertThat(counts.macsEveryStep()).isEqualTo(4 * counts.macs());
  }

  @Test
  void aSingleSpikeCostsItsFanOut() {
    long[] spikes = new long[TOPOLOGY.neurons().size()];
    long[] windows = new long[TOPOLOGY.windows().size()];
    assertThat(OperationCounts.count(TOPOLOGY, 4, spikes, windows).synapticAdditions()).isZero();
    spikes[0] = 1; // lif_patch feeds token_h (H = 8), token_w (W = 4) and fuse (C = 6)
    assertThat(OperationCounts.count(TOPOLOGY, 4, spikes, windows).synapticAdditions())
        .isEqualTo(8 + 4 + 6);
    spikes[0] = 0;
    windows[0] = 1; // one window of the three strided convolutions of n = 12/3 channels
    assertThat(OperationCounts.count(TOPOLOGY, 4, spikes, windows).synapticAdditions())
        .isEqualTo(3 * 4);
  }

  @Test
  void countsOfAnotherLengthAreRefused() {
    assertThatThrownBy(() -> OperationCounts.count(TOPOLOGY, 4, new long[2], new long[3]))
        .hasMessage("the topology has 15 neuron layers and 3 windows, the counts 2 and 3");
  }

  @Test
  void thePapersModelChargesAdditionsAndTheFirstLayersMacs() {
    OperationCounts counts = new OperationCounts(1000, 4000, 10, 40, 7, 8, 9, 500);
    assertThat(EnergyModel.HOROWITZ_45NM.picojoules(counts)).isEqualTo(0.9 * 1000 + 4.6 * 10);
    assertThat(EnergyModel.HOROWITZ_45NM.annPicojoules(counts)).isEqualTo(4.6 * 500);
    assertThat(EnergyModel.named("int8")).isEqualTo(EnergyModel.INT8);
    assertThatThrownBy(() -> EnergyModel.named("magic"))
        .hasMessageContaining("horowitz-45nm-compute, int8, int32, fp16");
  }
}
