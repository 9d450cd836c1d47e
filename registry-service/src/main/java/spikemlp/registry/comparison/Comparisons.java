package spikemlp.registry.comparison;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import spikemlp.contract.registry.ModelVersion;
import spikemlp.registry.comparison.VersionComparison.Difference;
import spikemlp.registry.comparison.VersionComparison.NumberDifference;
import spikemlp.registry.version.Measures;
import spikemlp.registry.version.Versions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Finds where versions differ. */
@Component
class Comparisons {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Versions versions;
  private final TrainingReports reports;
  private final JsonMapper json;

  Comparisons(Versions versions, TrainingReports reports, JsonMapper json) {
    this.versions = versions;
    this.reports = reports;
    this.json = json;
  }

  /**
   * Compares versions.
   *
   * @throws spikemlp.problem.ProblemException 404 as {@link Versions#get}
   * @throws IOException if a version's report cannot be read
   */
  VersionComparison compare(String model, List<Integer> numbers) throws IOException {
    List<ModelVersion> compared =
        numbers.stream().map(number -> versions.get(model, number)).toList();
    List<JsonNode> written = new ArrayList<>();
    List<Map<String, JsonNode>> configurations = new ArrayList<>();
    for (ModelVersion version : compared) {
      JsonNode report = reports.of(version);
      written.add(report);
      configurations.add(configuration(version, report));
    }
    List<Map<String, Double>> measures = compared.stream().map(Measures::of).toList();
    Predicate<String> energy = Comparisons::isEnergy;
    return new VersionComparison(
        model,
        List.copyOf(numbers),
        differences(configurations),
        numbers(only(measures, energy.negate())),
        numbers(only(measures, energy)),
        numbers(written.stream().map(Comparisons::firingRates).toList()));
  }

  private static boolean isEnergy(String name) {
    return name.startsWith("energy") || name.startsWith("ann_energy");
  }

  private Map<String, JsonNode> configuration(ModelVersion version, JsonNode report) {
    ObjectNode card = json.valueToTree(version.card());
    Map<String, JsonNode> values = new TreeMap<>();
    for (String part : List.of("variant", "network", "input", "labels")) {
      flatten(part, card.path(part), values);
    }
    ObjectNode provenance = card.withObject("provenance");
    provenance.remove(List.of("jobId", "createdAt"));
    flatten("provenance", provenance, values);
    flatten("training", report.path("plan"), values);
    return values;
  }

  private static void flatten(String path, JsonNode node, Map<String, JsonNode> values) {
    if (node.isObject()) {
      node.properties()
          .forEach(each -> flatten(path + "." + each.getKey(), each.getValue(), values));
    } else if (!node.isMissingNode() && !node.isNull()) {
      values.put(path, node);
    }
  }

  private static Map<String, Double> firingRates(JsonNode report) {
    Map<String, Double> rates = new LinkedHashMap<>();
    report
        .path("results")
        .path("firingRates")
        .properties()
        .forEach(rate -> {
          if (rate.getValue().isNumber()) {
            rates.put(rate.getKey(), rate.getValue().asDouble());
          }
        });
    return rates;
  }

  private static List<Map<String, Double>> only(
      List<Map<String, Double>> measures, Predicate<String> names) {
    return measures.stream()
        .map(each -> {
          Map<String, Double> chosen = new LinkedHashMap<>(each);
          chosen.keySet().removeIf(names.negate());
          return chosen;
        })
        .toList();
  }

  private static List<Difference> differences(List<Map<String, JsonNode>> compared) {
    List<Difference> differences = new ArrayList<>();
    for (String name : new TreeSet<>(names(compared))) {
      List<JsonNode> values =
          compared.stream().map(each -> each.getOrDefault(name, NODES.nullNode())).toList();
      if (new LinkedHashSet<>(values).size() > 1) {
        differences.add(new Difference(name, values));
      }
    }
    return differences;
  }

  private static List<NumberDifference> numbers(List<Map<String, Double>> compared) {
    List<NumberDifference> differences = new ArrayList<>();
    for (String name : names(compared)) {
      List<JsonNode> values = compared.stream().map(each -> number(each.get(name))).toList();
      if (new LinkedHashSet<>(values).size() > 1) {
        JsonNode first = values.getFirst();
        List<JsonNode> changes =
            values.stream()
                .map(value ->
                    value.isNumber() && first.isNumber()
                        ? number(value.asDouble() - first.asDouble())
                        : NODES.nullNode())
                .toList();
        differences.add(new NumberDifference(name, values, changes));
      }
    }
    return differences;
  }

  private static JsonNode number(@Nullable Double value) {
    return value == null || !Double.isFinite(value)
        ? NODES.nullNode()
        : NODES.numberNode(value.doubleValue());
  }

  private static <T> Set<String> names(List<Map<String, T>> compared) {
    Set<String> names = new LinkedHashSet<>();
    compared.forEach(each -> names.addAll(each.keySet()));
    return names;
  }
}
