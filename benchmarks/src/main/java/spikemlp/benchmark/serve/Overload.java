package spikemlp.benchmark.serve;

import com.fasterxml.jackson.annotation.JsonIgnore;
import spikemlp.benchmark.ProcessMemory;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The service with more requests due than it can answer.
 *
 * @param load what they met
 * @param before memory when it began
 * @param afterwards memory when it had ended
 * @param idle one client that waits for each answer, from a second after
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Overload(Load load, ProcessMemory before, ProcessMemory afterwards, Load idle) {

  /** Answers a second, of those of {@code capacity}. */
  @JsonIgnore
  double ofCapacity(Load capacity) {
    return load.rate() / capacity.rate();
  }

  /**
   * The same, each for a core that its clients left: clients that are refused are many, and take
   * time from the service only because they share its machine.
   */
  @JsonIgnore
  double ofCapacityLeft(Load capacity, int cores) {
    return ofCapacity(capacity) * (cores - capacity.clientCores()) / (cores - load.clientCores());
  }
}
