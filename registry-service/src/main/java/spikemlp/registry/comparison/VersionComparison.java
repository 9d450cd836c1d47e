package spikemlp.registry.comparison;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Where versions of a model differ; what all of them have alike is left out.
 *
 * @param versions the versions compared, in the order of every list of values
 * @param configuration network, input, labels, training, data and parent, by path
 * @param metrics metrics, sizes and proof
 * @param energy estimates by named energy model, pJ
 * @param firingRates spikes per neuron and time step, by neuron layer
 */
record VersionComparison(
    String model,
    List<Integer> versions,
    List<Difference> configuration,
    List<NumberDifference> metrics,
    List<NumberDifference> energy,
    List<NumberDifference> firingRates) {

  /**
   * A value that differs.
   *
   * @param values one a version; null where it has none
   */
  record Difference(String name, List<JsonNode> values) {}

  /**
   * A number that differs.
   *
   * @param values one a version; null where it has none
   * @param changes each minus the first; null where either is missing
   */
  record NumberDifference(String name, List<JsonNode> values, List<JsonNode> changes) {}
}
