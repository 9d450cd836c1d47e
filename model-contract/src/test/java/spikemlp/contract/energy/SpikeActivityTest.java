package spikemlp.contract.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.card.SpikeWindow;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Variant;

class SpikeActivityTest {

  private static final NetworkConfig CONFIG = NetworkConfig.of(16, 8, 2, 6, List.of(1, 1), 5);
  private static final Topology TOPOLOGY = Topology.of(CONFIG);

  private static SpikeActivity recorded(long[] spikes, long[] windows) {
    return SpikeActivity.recorded(TOPOLOGY, CONFIG.timeSteps(), spikes, windows);
  }

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
    OperationCounts counts = recorded(spikes, windows).counts();
    assertThat(counts.synapticAdditions()).isEqualTo(counts.denseAdditions());
    assertThat(counts.macsEveryStep()).isEqualTo(4 * counts.macs());
  }

  @Test
  void aSingleSpikeCostsItsFanOut() {
    long[] spikes = new long[TOPOLOGY.neurons().size()];
    long[] windows = new long[TOPOLOGY.windows().size()];
    assertThat(recorded(spikes, windows).counts().synapticAdditions()).isZero();
    spikes[0] = 1; // lif_patch feeds token_h (H = 8), token_w (W = 4) and fuse (C = 6)
    assertThat(recorded(spikes, windows).counts().synapticAdditions()).isEqualTo(8 + 4 + 6);
    spikes[0] = 0;
    windows[0] = 1; // one window of the three strided convolutions of n = 12/3 channels
    assertThat(recorded(spikes, windows).counts().synapticAdditions()).isEqualTo(3 * 4);
  }

  @Test
  void countsOfAnotherLengthAreRefused() {
    assertThatThrownBy(() -> recorded(new long[2], new long[3]))
        .hasMessage("the topology has 15 neuron layers and 3 windows, the counts 2 and 3");
  }

  @Test
  void aMeansOperationsAreTheMeanOfTheSamples() {
    long[] spikes = LongStream.rangeClosed(1, TOPOLOGY.neurons().size()).toArray();
    long[] windows = {8, 12, 16};
    long[] fourfold = Arrays.stream(spikes).map(count -> 4 * count).toArray();
    SpikeActivity mean = SpikeActivity.mean(TOPOLOGY, 4, fourfold, new long[] {32, 48, 64}, 4);
    assertThat(mean.counts()).isEqualTo(recorded(spikes, windows).counts());
    double fired = Arrays.stream(spikes).sum();
    assertThat(mean.firedSpikes()).isEqualTo(fired);
    assertThat(SpikeActivity.mean(TOPOLOGY, 4, spikes, windows, 4).firedSpikes())
        .isEqualTo(fired / 4);
  }

  @Test
  void atRateOneEveryInputSpikes() {
    SpikeActivity all = SpikeActivity.atRate(TOPOLOGY, 3, 1);
    assertThat(all.counts().synapticAdditions()).isEqualTo(all.counts().denseAdditions());
    assertThat(all.firingRate()).isEqualTo(1);
    assertThat(SpikeActivity.atRate(TOPOLOGY, 3, 0).counts().synapticAdditions()).isZero();
    assertThat(SpikeActivity.atRate(TOPOLOGY, 4, 0.25).counts().synapticAdditions())
        .isEqualTo(TOPOLOGY.denseAdditionsPerStep());
  }

  @Test
  void eachLayersRateCostsThatLayersFanOutAlone() {
    Map<String, Double> rates = new LinkedHashMap<>();
    TOPOLOGY.neurons().forEach(layer -> rates.put(layer.name(), 0.0));
    rates.put("stages.0.lif_patch", 0.5);
    SpikeActivity activity = SpikeActivity.atRates(TOPOLOGY, 2, rates);
    // T · 0.5 · C·N spikes into token_h (H = 8), token_w (W = 4) and fuse (C = 6)
    assertThat(activity.counts().synapticAdditions()).isEqualTo(6 * 32 * (8 + 4 + 6));
  }

  @Test
  void ratesThatAreNoneAndLayersThatAreNotThereAreNamed() {
    assertThatThrownBy(() -> SpikeActivity.atRate(TOPOLOGY, 4, 1.4))
        .hasMessageContaining("is 1.4; a rate is a number from 0 to 1");
    assertThatThrownBy(() -> SpikeActivity.atRate(TOPOLOGY, 4, Double.NaN))
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> SpikeActivity.atRates(TOPOLOGY, 4, Map.of("lif", 0.1)))
        .hasMessageContaining("15 neuron layers")
        .hasMessageContaining("missing head.lif, stages.0.lif_patch")
        .hasMessageContaining("and 12 more")
        .hasMessageContaining("unknown lif");
  }

  /** The paper: A ≈ 4.97 G, s·T·A ≈ 2.8 G ≈ 2.5 mJ, against 4.98 GMAC ≈ 22.9 mJ. */
  @Test
  void thePapersOwnNumbersComeOutInItsConvention() {
    NetworkConfig config = Variant.MLP_SPE_T.configure(224, 1000);
    PaperConvention paper = PaperConvention.of(ProductShape.of(config), 4, 0.14);
    assertThat(paper.denseAdditionsPerStep() / 1e9).isCloseTo(4.97, within(0.005));
    assertThat(paper.annMacs() / 1e9).isCloseTo(4.98, within(0.005));
    assertThat(paper.synapticAdditions() / 1e9).isCloseTo(2.8, within(0.05));
    assertThat(paper.picojoules() / 1e9).isCloseTo(2.5, within(0.05));
    assertThat(paper.annPicojoules() / 1e9).isCloseTo(22.9, within(0.05));
    SpikeActivity exact = SpikeActivity.atRate(Topology.of(config), 4, 0.14);
    assertThat(exact.counts().synapticAdditions()).isEqualTo(Math.round(0.56 * 4_976_800_920L));
  }
}
