package spikemlp.contract.energy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import spikemlp.contract.card.Topology;
import spikemlp.contract.network.NetworkConfig;

class EnergyEstimatorTest {

  private static final NetworkConfig NETWORK = NetworkConfig.of(8, 8, 2, 3, List.of(1, 1), 4);
  private static final Topology TOPOLOGY = Topology.of(NETWORK);

  private static long[] counts(int size, Random random, int scale) {
    return random.ints(size, 0, scale).asLongStream().toArray();
  }

  private static SpikeActivity activity(long[] spikes, long[] windows) {
    return SpikeActivity.recorded(TOPOLOGY, 4, spikes, windows);
  }

  @Test
  void eachHasItsNameAndAnUnknownOneIsToldThem() {
    assertThat(EnergyEstimator.all())
        .extracting(EnergyEstimator::name)
        .containsExactly("horowitz-45nm-compute", "int8", "int32", "fp16", "memory-aware");
    for (EnergyEstimator estimator : EnergyEstimator.all()) {
      assertThat(EnergyEstimator.named(estimator.name())).isEqualTo(estimator);
    }
    assertThatThrownBy(() -> EnergyEstimator.named("solar"))
        .hasMessage(
            "no energy model is named 'solar'; there are horowitz-45nm-compute, int8, int32, fp16,"
                + " memory-aware");
  }

  @Test
  void estimatesAreAffineInTheCountsSoThatSumsOfSamplesAreSamplesOfSums() {
    Random random = new Random(3);
    int layers = TOPOLOGY.neurons().size();
    int windows = TOPOLOGY.windows().size();
    SpikeActivity none = activity(new long[layers], new long[windows]);
    for (EnergyEstimator estimator : EnergyEstimator.all()) {
      double idle = estimator.picojoules(NETWORK, none);
      long[] spikes = new long[layers];
      long[] windowed = new long[windows];
      double sum = 0;
      for (int sample = 0; sample < 5; sample++) {
        long[] own = counts(layers, random, 500);
        long[] ownWindowed = counts(windows, random, 900);
        double picojoules = estimator.picojoules(NETWORK, activity(own, ownWindowed));
        assertThat(picojoules).isGreaterThan(idle);
        sum += picojoules;
        for (int l = 0; l < layers; l++) {
          spikes[l] += own[l];
        }
        for (int q = 0; q < windows; q++) {
          windowed[q] += ownWindowed[q];
        }
      }
      double all = estimator.picojoules(NETWORK, activity(spikes, windowed));
      assertThat(5 * idle + all - idle).as(estimator.name()).isCloseTo(sum, within(sum * 1e-12));
    }
  }

  @Test
  void withMemoryTheEqualBitNetworkHasNarrowValues() {
    SpikeActivity none =
        activity(new long[TOPOLOGY.neurons().size()], new long[TOPOLOGY.windows().size()]);
    MemoryAwareModel narrow = MemoryAwareModel.DEFAULT.quantised(4);
    assertThat(narrow.valueBits()).isEqualTo(8);
    assertThat(narrow.operations()).isEqualTo(EnergyModel.INT8);
    assertThat(MemoryAwareModel.DEFAULT.quantised(300).valueBits()).isEqualTo(32);
    QuantisedAnn quantised = MemoryAwareModel.DEFAULT.quantisedAnn(NETWORK, none);
    assertThat(quantised.picojoules())
        .isEqualTo(narrow.artificial(NETWORK, none).picojoules())
        .isLessThan(MemoryAwareModel.DEFAULT.annPicojoules(NETWORK, none));
    assertThat(quantised.activationBits()).isEqualTo(3);
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
