package spikemlp.export;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Provenance;
import spikemlp.contract.image.InputSpec;
import spikemlp.contract.network.NetworkConfig;

/** Cards for tests. */
final class Cards {

  private Cards() {}

  static ModelCard of(NetworkConfig network) {
    return ModelCard.of(
        "custom",
        network,
        input(network),
        IntStream.range(0, network.classes()).mapToObj(k -> "class " + k).toList(),
        new Provenance(
            "job-1",
            "digits",
            "0".repeat(64),
            1,
            "2026-11-23T00:00:00Z",
            Map.of("nd4j", "1.0.0-M2.1", "java", "25", "spikemlp", "0.1.0")));
  }

  static InputSpec input(NetworkConfig network) {
    return new InputSpec(
        network.imageHeight(),
        network.imageWidth(),
        InputSpec.Fit.STRETCH,
        List.of(0.5, 0.5, 0.5),
        List.of(0.25, 0.25, 0.25));
  }
}
