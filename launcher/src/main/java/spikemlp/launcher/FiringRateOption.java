package spikemlp.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.estimate.NetworkEstimate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code --rate} says: one number, or a JSON file with one for each neuron layer. */
final class FiringRateOption {

  private FiringRateOption() {}

  /**
   * The rates.
   *
   * @throws LauncherException if the value is neither a rate nor a file with rates
   */
  static NetworkEstimate.Rates parse(String value) {
    try {
      double rate = Double.parseDouble(value);
      if (!(rate >= 0 && rate <= 1)) {
        throw new LauncherException(
            "--rate " + value + " is no firing rate; spikes per neuron and step are from 0 to 1");
      }
      return (topology, steps) -> SpikeActivity.atRate(topology, steps, rate);
    } catch (NumberFormatException e) {
      Map<String, Double> rates = read(value);
      return (topology, steps) -> SpikeActivity.atRates(topology, steps, rates);
    }
  }

  private static Map<String, Double> read(String value) {
    try {
      JsonNode root = JsonMapper.shared().readTree(Files.readString(Path.of(value)));
      return rates(value, layers(root));
    } catch (IOException | InvalidPathException e) {
      throw new LauncherException(
          "--rate '" + value + "' is neither a number from 0 to 1 nor a file that can be read", e);
    } catch (JacksonException e) {
      throw new LauncherException("--rate " + value + " is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** The object itself, or where a report keeps it. */
  private static JsonNode layers(JsonNode root) {
    for (JsonNode node : new JsonNode[] {root.path("results"), root}) {
      if (node.path("firingRates").isObject()) {
        return node.path("firingRates");
      }
    }
    return root;
  }

  private static Map<String, Double> rates(String file, JsonNode layers) {
    if (!layers.isObject()) {
      throw new LauncherException(
          "--rate "
              + file
              + " has to hold an object from neuron layers to rates, such as {\"head.lif\": 0.1, …}");
    }
    Map<String, Double> rates = new LinkedHashMap<>();
    layers
        .properties()
        .forEach(layer -> {
          if (!layer.getValue().isNumber()) {
            throw new LauncherException(
                "--rate "
                    + file
                    + ": the rate of "
                    + layer.getKey()
                    + " is "
                    + layer.getValue()
                    + "; a rate is a number from 0 to 1");
          }
          rates.put(layer.getKey(), layer.getValue().asDouble());
        });
    return rates;
  }
}
