package spikemlp.contract.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import spikemlp.contract.card.ProductShape;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.Variant;

class SpikeActivityTest {

  private static final NetworkConfig CONFIG = NetworkConfig.of(16, 8, 2, 6, List.of(1, 1), 5);
  private static final Topology TOPOLOGY = Topology.of(CONFIG);

  @Test
  void recordedActivityCountsAsTheSpikesThemselvesDo() {
    long[] spikes = LongStream.rangeClosed(1, TOPOLOGY.neurons().size()).toArray();
    long[] windows = {7, 11, 13};
    assertThat(SpikeActivity.recorded(TOPOLOGY, 4, spikes, windows).counts())
        .isEqualTo(OperationCounts.count(TOPOLOGY, 4, spikes, windows));
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
