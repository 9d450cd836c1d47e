package spikemlp.trainer.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.Topology;
import spikemlp.report.ReceptiveField;
import spikemlp.report.VersionReport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A job's report as its page shows it. */
final class PageContent {

  private PageContent() {}

  static VersionReport of(TrainingReport report, List<ReceptiveField> fields, JsonMapper json) {
    TestResults results = report.results();
    TrainingReport.DataSet data = report.dataSet();
    Map<String, String> lineage = new LinkedHashMap<>();
    lineage.put("Training job", report.jobId());
    lineage.put("Data set", data.name());
    lineage.put("Data, SHA-256", data.contentHash());
    lineage.put("Seed", Long.toString(report.plan().seed()));
    lineage.put("Exported", report.createdAt());
    return new VersionReport(
        report.model(),
        report.createdAt(),
        flat(json.valueToTree(report.request())),
        flat(json.valueToTree(report.plan())),
        report.variant(),
        report.network(),
        report.parameters(),
        new VersionReport.Images(
            data.name(),
            data.contentHash(),
            data.labels(),
            data.trainImages(),
            data.testImages(),
            data.skipped()),
        report.curve(),
        new VersionReport.Results(
            results.images(),
            results.accuracy(),
            results.loss(),
            inNetworkOrder(report, results.firingRates()),
            results.operations(),
            results.energy().stream().map(PageContent::estimate).toList()),
        List.of(),
        report.proof(),
        fields,
        lineage,
        new TreeMap<>(report.artifacts()),
        report.secondsByStep(),
        new TreeMap<>(report.software()));
  }

  private static VersionReport.EnergyEstimate estimate(TestResults.Energy energy) {
    return new VersionReport.EnergyEstimate(
        energy.model(),
        energy.addPicojoules() + " pJ an addition, " + energy.macPicojoules() + " pJ a MAC",
        energy.picojoules(),
        energy.annPicojoules());
  }

  /** Results that were stored and read again may come in any order. */
  private static Map<String, Double> inNetworkOrder(
      TrainingReport report, Map<String, Double> rates) {
    Map<String, Double> ordered = new LinkedHashMap<>();
    for (NeuronLayer layer : Topology.of(report.network()).neurons()) {
      Double rate = rates.get(layer.name());
      if (rate != null) {
        ordered.put(layer.name(), rate);
      }
    }
    return ordered;
  }

  /** The values that are there, each with its path: {@code training.epochs → 5}. */
  private static Map<String, String> flat(JsonNode tree) {
    Map<String, String> flat = new LinkedHashMap<>();
    flatten("", tree, flat);
    return flat;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> flat) {
    if (node.isObject()) {
      node.properties()
          .forEach(entry ->
              flatten(
                  path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                  entry.getValue(),
                  flat));
    } else if (node.isArray()) {
      StringBuilder values = new StringBuilder();
      node.forEach(value ->
          values.append(values.isEmpty() ? "" : ", ").append(value.asString(value.toString())));
      flat.put(path, values.toString());
    } else if (!node.isNull()) {
      flat.put(path, node.asString(node.toString()));
    }
  }
}
