package spikemlp.benchmark.train;

import java.util.List;
import spikemlp.contract.network.NetworkConfig;

/**
 * A network and a batch size to measure.
 *
 * @param name what the command line and the report call it
 * @param network the network
 * @param batch B
 */
record Workload(String name, NetworkConfig network, int batch) {

  private static final int CLASSES = 10;
  private static final int BATCH = 32;

  /** C = 96 → 192 on 16×16 patches. */
  static final Workload SMALL =
      new Workload("small-32", NetworkConfig.of(32, 32, 2, 96, List.of(2, 2), CLASSES), BATCH);

  /** C = 60 → 120 → 240 on 16×16 patches, spiking patch encoding between the stages. */
  static final Workload THREE_STAGES =
      new Workload("spe-60", NetworkConfig.of(32, 32, 2, 60, List.of(2, 2, 2), CLASSES), BATCH);

  /** The small one's network on 64×64 pixels. */
  static final Workload WIDE =
      new Workload("wide-64", NetworkConfig.of(64, 64, 4, 96, List.of(2, 2), CLASSES), BATCH);

  /** What is measured against the peer. */
  static List<Workload> all() {
    return List.of(SMALL, THREE_STAGES, WIDE);
  }

  Workload withBatch(int other) {
    return new Workload(name, network, other);
  }

  Workload withTimeSteps(int other) {
    return new Workload(name, network.withTimeSteps(other), batch);
  }
}
