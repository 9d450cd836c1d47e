package spikemlp.trainer.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.NeuronLayer;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.Topology;
import spikemlp.contract.energy.MemoryAwareModel;
import spikemlp.neurobench.NeuroBenchMetrics;
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
    Parent parent = report.parent();
    if (parent != null) {
      lineage.put(
          "Weights from",
          "%s:%d, T = %d, %s"
              .formatted(parent.model(), parent.version(), parent.timeSteps(), parent.mode()));
      lineage.put("Their checkpoint, SHA-256", parent.checkpointSha256());
    }
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
        Stream.concat(quantised(report).stream(), metrics(results.neuroBench()).stream()).toList(),
        report.proof(),
        fields,
        lineage,
        new TreeMap<>(report.artifacts()),
        report.secondsByStep(),
        new TreeMap<>(report.software()));
  }

  private static List<VersionReport.Metric> quantised(TrainingReport report) {
    List<VersionReport.Metric> metrics = new ArrayList<>();
    TestResults.Quantised int8 = report.results().int8();
    if (int8 != null) {
      metrics.add(
          new VersionReport.Metric(
              "Accuracy with 8-bit weights",
              int8.accuracy(),
              "",
              "share of the same test images, by model-int8.onnx"));
      metrics.add(
          new VersionReport.Metric(
              "Accuracy lost to 8-bit weights",
              100 * (report.results().accuracy() - int8.accuracy()),
              "points",
              "below 0: 8-bit weights classify more of them rightly"));
    }
    ExportProof proof = report.int8Proof();
    if (proof != null) {
      metrics.add(
          new VersionReport.Metric(
              "Differing spikes with 8-bit weights",
              proof.differingSpikes(),
              "",
              "of %d, model-int8.onnx in %s against the core with the same weights, %d images"
                  .formatted(proof.spikes(), proof.runtime(), proof.images())));
    }
    return metrics;
  }

  private static List<VersionReport.Metric> metrics(@Nullable NeuroBenchMetrics measured) {
    if (measured == null) {
      return List.of();
    }
    return List.of(
        new VersionReport.Metric(
            "NeuroBench footprint",
            measured.footprintBytes(),
            "bytes",
            "folded weights and biases, 32 bits each"),
        new VersionReport.Metric(
            "NeuroBench connection sparsity",
            measured.connectionSparsity(),
            "",
            "weights that are zero over all weights"),
        new VersionReport.Metric(
            "NeuroBench activation sparsity",
            measured.activationSparsity(),
            "",
            "neurons and steps without a spike over all, on " + measured.samples() + " images"),
        new VersionReport.Metric(
            "NeuroBench dense synaptic operations",
            measured.synapticOperations().dense(),
            "",
            "products of an input and a weight, zeros included; a mean image over T"),
        new VersionReport.Metric(
            "NeuroBench effective MACs",
            measured.synapticOperations().effectiveMacs(),
            "",
            "those of the image's numbers with neither factor zero"),
        new VersionReport.Metric(
            "NeuroBench effective ACs",
            measured.synapticOperations().effectiveAcs(),
            "",
            "those of spikes with neither factor zero"),
        new VersionReport.Metric(
            "NeuroBench membrane updates",
            measured.membraneUpdates(),
            "",
            "updates that changed a potential, each neuron's first counted always"));
  }

  private static VersionReport.EnergyEstimate estimate(TestResults.Energy energy) {
    return new VersionReport.EnergyEstimate(
        energy.model(),
        energy.addPicojoules()
            + " pJ an addition, "
            + energy.macPicojoules()
            + " pJ a MAC"
            + (energy.model().equals(MemoryAwareModel.NAME)
                ? ", and what memory and addresses take"
                : ""),
        energy.picojoules(),
        energy.annPicojoules(),
        energy.quantisedAnnPicojoules() == null ? Double.NaN : energy.quantisedAnnPicojoules());
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
