package spikemlp.benchmark.serve;

import java.util.List;
import java.util.Map;
import spikemlp.contract.card.WeightPrecision;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * One network in one precision.
 *
 * @param rawAlone ONNX Runtime in a loop, one caller, in turns with {@code idle}
 * @param raw the same with a caller a core
 * @param idle the service, one client that waits for each answer, binary
 * @param echoAlone an HTTP server that only reads and answers, for the same client
 * @param full the service, 16 clients that do, by format
 * @param echo the HTTP server, 16 clients and binary requests
 * @param open the service, binary, requests due at a rate: at shares of {@code full}
 * @param overload the same past {@code full}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ServeRow(
    String network,
    WeightPrecision precision,
    Load rawAlone,
    Load raw,
    Load idle,
    Load echoAlone,
    Map<Format, Load> full,
    Load echo,
    List<Load> open,
    Overload overload) {

  ServeRow {
    full = Map.copyOf(full);
    open = List.copyOf(open);
  }
}
