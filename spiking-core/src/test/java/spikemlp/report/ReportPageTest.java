package spikemlp.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.Topology;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.energy.OperationCounts;
import spikemlp.contract.energy.QuantisedAnn;
import spikemlp.contract.energy.SpikeActivity;
import spikemlp.contract.job.EpochMetrics;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;
import spikemlp.contract.network.Variant;
import spikemlp.contract.registry.Artifact;
import spikemlp.report.VersionReport.EnergyEstimate;
import spikemlp.report.VersionReport.Images;
import spikemlp.report.VersionReport.Metric;
import spikemlp.report.VersionReport.Results;

class ReportPageTest {

  private static final String NASTY = "<script>alert('x')</script>\"&\0";

  @Test
  void thePageHasEverySectionInOrderAndIsWellFormed() throws IOException {
    String html =
        ReportPage.html(
            report(
                "digits",
                NetworkConfig.of(32, 32, 4, 48, List.of(2, 2), 10),
                List.of("zero", "one", "", "three", "4", "5", "6", "7", "8", "9"),
                20));
    keep("small.html", html);
    Document page = Xml.parse(html);
    assertThat(Xml.texts(page, "h2"))
        .containsExactly(
            "What was asked",
            "Network",
            "Data",
            "Training curves",
            "Accuracy",
            "Firing rates",
            "Operations of a mean image",
            "Energy of a mean image",
            "Further metrics",
            "Proof of the export",
            "Receptive fields",
            "Lineage",
            "Software");
    assertThat(Xml.texts(page, "li")).contains("zero", "(no name)");
    assertThat(html).doesNotContain("NaN", "Infinity");
    assertThat(
            Xml.all(page, "figure").stream().filter(f -> f.getAttribute("class").equals("field")))
        .hasSize(9);
    assertThat(Xml.texts(page, "dd")).contains("97.95\u202f%");
  }

  @Test
  void thePageRefersToNothingAndRunsNothing() {
    Document page =
        Xml.parse(
            ReportPage.html(
                report("m", NetworkConfig.of(16, 8, 4, 3, List.of(1), 2), List.of("a", "b"), 1)));
    for (Element element : Xml.all(page, "*")) {
      assertThat(element.getTagName())
          .isNotIn("script", "link", "iframe", "object", "embed", "a", "form", "base");
      NamedNodeMap attributes = element.getAttributes();
      for (int i = 0; i < attributes.getLength(); i++) {
        String name = attributes.item(i).getNodeName();
        assertThat(name).doesNotStartWith("on").isNotIn("src", "style", "srcset");
        if (name.equals("href")) {
          assertThat(attributes.item(i).getNodeValue()).startsWith("data:image/png;base64,");
        }
      }
    }
    assertThat(ReportStyle.CSS).doesNotContain("url(", "@import");
    assertThat(Xml.all(page, "meta").get(1).getAttribute("content")).contains("default-src 'none'");
  }

  @Test
  void whatUsersNamedIsTextWhereverItStands() {
    NetworkConfig network = NetworkConfig.of(16, 16, 4, 3, List.of(1), 2);
    VersionReport plain = report(NASTY, network, List.of(NASTY, ""), 2);
    VersionReport nasty =
        new VersionReport(
            NASTY,
            NASTY,
            Map.of(NASTY, NASTY),
            Map.of(NASTY, NASTY),
            NASTY,
            network,
            1,
            new Images(NASTY, NASTY, List.of(NASTY, ""), 1, 1, List.of(NASTY)),
            plain.curve(),
            new Results(
                1,
                Double.NaN,
                Double.NaN,
                Map.of(NASTY, 0.5, "stages.0.mixers.0.lif_h", Double.NaN),
                plain.results().operations(),
                List.of(
                    new EnergyEstimate(
                        NASTY, NASTY, Double.NaN, Double.POSITIVE_INFINITY, Double.NaN))),
            List.of(new Metric(NASTY, Double.NaN, NASTY, NASTY)),
            new ExportProof(1, 1, Double.NaN, 1, 0, true, NASTY),
            List.of(
                new ReceptiveField(NASTY, NASTY, ReceptiveField.Axis.HEIGHT, 1, new float[] {1})),
            Map.of(NASTY, NASTY),
            Map.of(NASTY, new Artifact("ab".repeat(32), 1)),
            Map.of(NASTY, Double.NaN),
            Map.of(NASTY, NASTY));
    String html = ReportPage.html(nasty);
    assertThat(html).doesNotContain("<script", "NaN", "Infinity");
    Document page = Xml.parse(html);
    String seen = NASTY.replace('\0', '\uFFFD');
    assertThat(Xml.texts(page, "h1")).containsExactly(seen);
    assertThat(Xml.texts(page, "li")).containsExactly(seen, "(no name)", seen);
  }

  @Test
  void theLargestPublishedNetworkAtItsPublishedSizeIsAPageOfAFewMegabytes() throws IOException {
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      labels.add("class " + i);
    }
    String html =
        ReportPage.html(report("imagenet", Variant.MLP_SPE_B.configure(224, 1000), labels, 100));
    keep("large.html", html);
    Xml.parse(html);
    assertThat(html).hasSizeLessThan(4 << 20).contains("and 800 more");
  }

  @Test
  void noEpochNoEnergyAndNoMetricsIsAPageToo() {
    VersionReport full =
        report("m", NetworkConfig.of(16, 16, 4, 3, List.of(1), 2), List.of("a", "b"), 0);
    Results results = full.results();
    VersionReport bare =
        new VersionReport(
            full.model(),
            full.createdAt(),
            Map.of(),
            Map.of(),
            full.variant(),
            full.network(),
            full.parameters(),
            full.images(),
            List.of(),
            new Results(0, 0, 0, Map.of(), results.operations(), List.of()),
            List.of(),
            full.proof(),
            List.of(),
            Map.of(),
            Map.of(),
            Map.of(),
            Map.of());
    Document page = Xml.parse(ReportPage.html(bare));
    assertThat(Xml.texts(page, "p")).contains("No epoch was finished.");
    assertThat(Xml.texts(page, "h2")).doesNotContain("Further metrics");
  }

  /** Numbers such as a training leaves: diagonal early, broad later. */
  private static VersionReport report(
      String model, NetworkConfig network, List<String> labels, int epochs) {
    Random random = new Random(1);
    Topology topology = Topology.of(network);
    Map<String, Double> rates = new LinkedHashMap<>();
    long[] spikes = new long[topology.neurons().size()];
    for (int i = 0; i < spikes.length; i++) {
      double rate = 0.05 + 0.2 * random.nextDouble();
      rates.put(topology.neurons().get(i).name(), rate);
      spikes[i] = (long) (rate * network.timeSteps() * topology.neurons().get(i).neurons());
    }
    OperationCounts operations =
        SpikeActivity.recorded(
                topology, network.timeSteps(), spikes, new long[topology.windows().size()])
            .counts();
    List<EpochMetrics> curve = new ArrayList<>();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      double left = Math.exp(-4.0 * epoch / epochs);
      curve.add(
          new EpochMetrics(
              epoch,
              0.1 + 2 * left,
              0.97 - 0.8 * left,
              0.98 - 0.7 * left,
              0.1,
              900,
              0.15 + 1.7 * left));
    }
    List<ReceptiveField> fields = new ArrayList<>();
    List<StageShape> stages = network.stages();
    for (int i = 0; i < stages.size(); i++) {
      for (int j = 0; j < stages.get(i).depth(); j++) {
        String mixer = "stages." + i + ".mixers." + j;
        fields.add(
            field(
                mixer + ".token_h",
                "Stage " + i,
                ReceptiveField.Axis.HEIGHT,
                stages.get(i).height(),
                random));
        fields.add(
            field(
                mixer + ".token_w",
                "Stage " + i,
                ReceptiveField.Axis.WIDTH,
                stages.get(i).width(),
                random));
      }
    }
    fields.add(
        field(
            "head.token_fc",
            "Head",
            ReceptiveField.Axis.TOKENS,
            stages.getLast().tokens(),
            random));
    Map<String, String> request = new LinkedHashMap<>();
    request.put("name", model);
    request.put("dataSet.kind", "path");
    request.put(
        "dataSet.path", "/data/photographs/with/a/rather/long/path/to/show/where/lines/break");
    Map<String, String> plan = new LinkedHashMap<>();
    plan.put("epochs", Integer.toString(epochs));
    plan.put("batchSize", "64");
    plan.put("learningRate", "0.1");
    plan.put("momentum", "0.9");
    Map<String, Artifact> artifacts = new LinkedHashMap<>();
    artifacts.put("checkpoint.safetensors", new Artifact("cd".repeat(32), 2_212_345));
    artifacts.put("model.onnx", new Artifact("ab".repeat(32), 1_104_321));
    return new VersionReport(
        model,
        "2026-11-23T12:04:00Z",
        request,
        plan,
        "custom",
        network,
        554_321,
        new Images(
            "photographs", "ef".repeat(32), labels, 20_000, 2_000, List.of("cat/7.jpg: broken")),
        curve,
        new Results(
            2000,
            0.9795,
            0.0712,
            rates,
            operations,
            EnergyModel.ALL.stream()
                .map(e ->
                    new EnergyEstimate(
                        e.name(),
                        e.addPicojoules() + " pJ an addition, " + e.macPicojoules() + " pJ a MAC",
                        e.picojoules(operations),
                        e.annPicojoules(operations),
                        QuantisedAnn.of(4, operations.annMacs()).picojoules()))
                .toList()),
        List.of(
            new Metric("activation_sparsity", 0.8612, "", "share of activations that are 0"),
            new Metric("footprint", 2_217_284, "B", "bytes of the parameters and buffers")),
        new ExportProof(1000, 1000, 1.2e-5, 12_345_678, 3, true, "ONNX Runtime 1.29.0"),
        fields,
        Map.of("Training job", "6f1c"),
        artifacts,
        Map.of("train", 312.5),
        Map.of("java", "25"));
  }

  private static ReceptiveField field(
      String layer, String place, ReceptiveField.Axis axis, int size, Random random) {
    float[] weights = new float[size * size];
    for (int i = 0; i < weights.length; i++) {
      double distance = Math.abs(i / size - i % size);
      double kernel = 0.4 * Math.exp(-distance / 2) * Math.cos(distance);
      weights[i] = (float) (kernel + 0.06 * random.nextGaussian());
    }
    return new ReceptiveField(layer, place, axis, size, weights);
  }

  /** Leaves a page to look at. */
  private static void keep(String name, String html) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "report"));
    Files.writeString(folder.resolve(name), html);
  }
}
