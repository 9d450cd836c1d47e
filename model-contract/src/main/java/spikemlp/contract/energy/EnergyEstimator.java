package spikemlp.contract.energy;

import java.util.List;
import java.util.stream.Stream;
import spikemlp.contract.network.NetworkConfig;

/**
 * What an inference would cost on hardware that adds only where a spike fired: an estimate from
 * counts, never a measurement of joules. Affine in the counts of spikes, with no negative
 * coefficient.
 */
public sealed interface EnergyEstimator permits EnergyModel, MemoryAwareModel {

  /** The name every answer carries. */
  String name();

  /** What an addition and a multiply-accumulate cost by it. */
  EnergyModel operations();

  /** The spiking network on one sample, pJ. */
  double picojoules(NetworkConfig network, SpikeActivity activity);

  /** The same network as an artificial one, an image, pJ. */
  double annPicojoules(NetworkConfig network, SpikeActivity activity);

  /** The artificial network with activations of as many bits as T steps tell apart, an image. */
  QuantisedAnn quantisedAnn(NetworkConfig network, SpikeActivity activity);

  /** Every estimator, the paper's first. */
  static List<EnergyEstimator> all() {
    return Stream.<EnergyEstimator>concat(
            EnergyModel.ALL.stream(), Stream.of(MemoryAwareModel.DEFAULT))
        .toList();
  }

  /**
   * The estimator of that name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names there are
   */
  static EnergyEstimator named(String name) {
    return all().stream()
        .filter(estimator -> estimator.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no energy model is named '"
                    + name
                    + "'; there are "
                    + String.join(", ", all().stream().map(EnergyEstimator::name).toList())));
  }
}
