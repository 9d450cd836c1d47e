package spikemlp.contract.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.PatchEncoding;
import spikemlp.contract.network.Skips;
import spikemlp.contract.network.Variant;

class TopologyTest {

  @Test
  void neuronLayersHaveTheCanonicalNamesInTheOrderTheyRun() {
    NetworkConfig config = NetworkConfig.of(16, 16, 2, 6, List.of(1, 1), 5);
    assertThat(Topology.of(config).neurons())
        .extracting(NeuronLayer::name)
        .containsExactly(
            "stages.0.lif_patch",
            "stages.0.mixers.0.lif_h",
            "stages.0.mixers.0.lif_w",
            "stages.0.mixers.0.lif_token",
            "stages.0.mixers.0.lif_hidden",
            "stages.0.mixers.0.lif_channel",
            "stages.1.patch.lif_1",
            "stages.1.patch.lif_2",
            "stages.1.lif_patch",
            "stages.1.mixers.0.lif_h",
            "stages.1.mixers.0.lif_w",
            "stages.1.mixers.0.lif_token",
            "stages.1.mixers.0.lif_hidden",
            "stages.1.mixers.0.lif_channel",
            "head.lif");
  }

  /** Rows and columns of a 3×3 window at 56→28: every position but the border lies in 1 or 2. */
  @Test
  void windowsCountTheOutputsThatAPositionReachesAtTheBordersToo() {
    SpikeWindow strided = new SpikeWindow("x", 1, 5, 4, 3, 2, 1);
    assertThat(strided.rows()).containsExactly(1, 2, 1, 2, 1);
    assertThat(strided.columns()).containsExactly(1, 2, 1, 1);
    SpikeWindow same = new SpikeWindow("x", 2, 3, 1, 3, 1, 1);
    assertThat(same.rows()).containsExactly(2, 3, 2);
    assertThat(same.columns()).containsExactly(1);
    assertThat(same.dense()).isEqualTo(2 * 7);
    SpikeWindow halved = new SpikeWindow("x", 1, 5, 4, 2, 2, 0);
    assertThat(halved.rows()).containsExactly(1, 1, 1, 1, 0);
  }

  @Test
  void theLargestVariantsNumbersAreThePapers() {
    Topology topology = Topology.of(Variant.MLP_SPE_T.configure(224, 1000));
    // C·N of the stages times (1 + 7·depth), 2/3 more for SPE's inner nodes, and the head's
    assertThat(topology.neuronCount()).isEqualTo(17_326_400);
    assertThat(topology.firstLayerMacs()).isEqualTo(11_741_184);
    // the paper: 4.97 G additions a step and 4.98 GMAC for the artificial network
    assertThat(topology.denseAdditionsPerStep()).isEqualTo(4_976_800_920L);
    assertThat(topology.annMacs()).isEqualTo(4_958_590_104L);
  }

  @Test
  void skipAdditionsFollowTheConnections() {
    NetworkConfig none =
        NetworkConfig.of(8, 8, 2, 6, List.of(2), 5)
            .withPatchEncoding(PatchEncoding.PARTITION)
            .withSkips(Skips.NONE);
    long outputs = 6 * 4 * 4;
    assertThat(Topology.of(none).skipAdditions()).isEqualTo(outputs);
    NetworkConfig all = none.withSkips(new Skips(true, true, true, true));
    assertThat(Topology.of(all).skipAdditions()).isEqualTo((3 + 4) * outputs);
  }
}
