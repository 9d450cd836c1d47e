package spikemlp.report;

import java.util.List;
import java.util.Map;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.network.StageShape;
import spikemlp.report.VersionReport.EnergyEstimate;
import spikemlp.report.VersionReport.Metric;

/**
 * A version's report as one HTML page that needs nothing else: no script, no reference to another
 * file, and a Content-Security-Policy that would refuse both. Well-formed as XML too.
 */
public final class ReportPage {

  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
          + " form-action 'none'";
  private static final int MOST_NAMES = 200;

  private final VersionReport report;
  private final Markup m = new Markup();

  private ReportPage(VersionReport report) {
    this.report = report;
  }

  /** The page, to be written as UTF-8. */
  public static String html(VersionReport report) {
    return "<!DOCTYPE html>\n" + new ReportPage(report).page() + "\n";
  }

  private Markup page() {
    m.open("html").with("lang", "en").open("head");
    m.open("meta").with("charset", "utf-8").closeVoid();
    m.open("meta").with("http-equiv", "Content-Security-Policy").with("content", POLICY);
    m.closeVoid();
    m.open("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1");
    m.closeVoid();
    m.element("title", report.model() + " · report").style(ReportStyle.CSS).close();
    m.open("body");
    headline();
    asked();
    network();
    images();
    curve();
    accuracy();
    firingRates();
    operations();
    energy();
    metrics();
    new ProvenanceSections(report, m).proof();
    receptiveFields();
    new ProvenanceSections(report, m).lineage();
    return m.close().close();
  }

  private void headline() {
    VersionReport.Results results = report.results();
    m.open("header").element("h1", report.model());
    m.element("p", "soft", report.variant() + " spiking MLP, exported " + report.createdAt());
    m.open("dl").with("class", "tiles");
    tile("Test accuracy", Numbers.percent(results.accuracy(), 2));
    if (!results.energy().isEmpty()) {
      EnergyEstimate first = results.energy().getFirst();
      tile("Energy an image, estimated", Numbers.energy(first.picojoules()));
      tile("Less than as an ANN", Numbers.ratio(first.annPicojoules(), first.picojoules()));
    }
    tile("Additions an image", Numbers.count(results.operations().synapticAdditions()));
    tile("Parameters", Numbers.count(report.parameters()));
    m.close().close();
  }

  private void tile(String name, String value) {
    m.open("div").element("dt", name).element("dd", value).close();
  }

  private void asked() {
    section("What was asked");
    m.open("div").with("class", "columns");
    m.open("div").element("h3", "The request");
    facts(report.request()).close();
    m.open("div").element("h3", "The plan it came to");
    facts(report.plan()).close();
    m.close().close();
  }

  private void network() {
    NetworkConfig network = report.network();
    section("Network");
    m.open("div").with("class", "columns").open("div").open("dl").with("class", "facts");
    fact("Variant", report.variant());
    fact("Image", network.imageHeight() + "×" + network.imageWidth());
    fact("Patch size p", Integer.toString(network.patchSize()));
    fact("Time steps T", Integer.toString(network.timeSteps()));
    fact("Expansion α", Integer.toString(network.expansionRatio()));
    fact("Patch encoding", network.patchEncoding().name());
    fact("Skips", network.skips().toString());
    fact(
        "Neuron",
        "LIF, τ "
            + Numbers.significant(network.tau(), 4)
            + ", threshold "
            + Numbers.significant(network.threshold(), 4));
    fact("Surrogate gradient", network.surrogate().name());
    fact("Classes", Integer.toString(network.classes()));
    fact("Parameters", Numbers.exactly(report.parameters()));
    m.close().close();
    m.open("div").open("table").open("thead").open("tr").element("th", "Stage");
    for (String column : List.of("Mixers", "Channels", "Patches H×W")) {
      m.element("th", "number", column);
    }
    m.close().close().open("tbody");
    List<StageShape> stages = network.stages();
    for (int i = 0; i < stages.size(); i++) {
      StageShape stage = stages.get(i);
      m.open("tr").element("td", Integer.toString(i));
      m.element("td", "number", Integer.toString(stage.depth()));
      m.element("td", "number", Integer.toString(stage.channels()));
      m.element("td", "number", stage.height() + "×" + stage.width()).close();
    }
    m.close().close().close().close().close();
  }

  private void images() {
    VersionReport.Images images = report.images();
    section("Data");
    m.open("dl").with("class", "facts");
    fact("Data set", images.dataSet());
    fact("Content, SHA-256", images.contentHash());
    fact("Training images", Numbers.exactly(images.trainImages()));
    fact("Test images", Numbers.exactly(images.testImages()));
    m.close();
    m.element("h3", images.labels().size() + " classes");
    names("labels", images.labels());
    if (!images.skipped().isEmpty()) {
      m.element("h3", "Pictures left out: " + images.skipped().size());
      names("skipped", images.skipped());
    }
    m.close();
  }

  private void names(String htmlClass, List<String> names) {
    m.open("ul").with("class", htmlClass);
    names.stream()
        .limit(MOST_NAMES)
        .forEach(name -> m.element("li", name.isBlank() ? "(no name)" : name));
    m.close();
    if (names.size() > MOST_NAMES) {
      m.element("p", "soft", "and " + (names.size() - MOST_NAMES) + " more, in report.json");
    }
  }

  private void curve() {
    section("Training curves");
    List<Markup> plots = TrainingCurves.draw(report.curve());
    if (plots.isEmpty()) {
      m.element("p", "No epoch was finished.");
    } else {
      m.element(
          "p",
          "soft",
          "Means over each epoch's training images, augmented as they were trained on, and over test"
              + " images after it. Paper: figure 6.");
      figures(plots);
    }
    m.close();
  }

  private void accuracy() {
    VersionReport.Results results = report.results();
    section("Accuracy");
    m.open("dl").with("class", "facts");
    fact("Test images", Numbers.exactly(results.images()));
    fact("Classified rightly", Numbers.percent(results.accuracy(), 2));
    fact("Mean cross-entropy", Numbers.fixed(results.loss(), 4));
    m.close().close();
  }

  private void firingRates() {
    FiringRates rates = FiringRates.of(report.results().firingRates());
    section("Firing rates");
    m.element(
        "p", "soft", "Spikes per neuron and time step, over all test images. Paper: figure 4.");
    m.add(rates.key());
    figures(rates.draw());
    scrolled(rates.table());
    m.close();
  }

  private void operations() {
    section("Operations of a mean image");
    m.element(
        "p",
        "soft",
        "Counted from the spikes that occurred, over all "
            + report.network().timeSteps()
            + " time steps, borders included. Paper: table 4.");
    scrolled(OperationsTable.of(report.results().operations()));
    m.close();
  }

  private void energy() {
    section("Energy of a mean image");
    m.element(
        "p",
        "soft",
        "Estimated from counted operations, never measured. The ANN is the same network with dense"
            + " multiply-accumulates; of equal bits, its activations tell as many values apart as T"
            + " steps of spikes do. A ratio below 1 is one that the spiking network loses.");
    figures(List.of(EnergyFigure.draw(report.results().energy())));
    Markup table = new Markup().open("table").with("class", "notes estimates");
    table.open("thead").open("tr").element("th", "Model");
    table.element("th", "number", "Spiking").element("th", "number", "As an ANN");
    table.element("th", "number", "ANN / spiking");
    table.element("th", "number", "ANN of equal bits");
    table.element("th", "number", "that / spiking").element("th", "long", "Counts");
    table.close().close().open("tbody");
    for (EnergyEstimate estimate : report.results().energy()) {
      table.open("tr").element("td", estimate.model());
      table.element("td", "number", Numbers.energy(estimate.picojoules()));
      table.element("td", "number", Numbers.energy(estimate.annPicojoules()));
      table.element("td", "number", Numbers.ratio(estimate.annPicojoules(), estimate.picojoules()));
      table.element("td", "number", Numbers.energy(estimate.quantisedAnnPicojoules()));
      table.element(
          "td", "number", Numbers.ratio(estimate.quantisedAnnPicojoules(), estimate.picojoules()));
      table.element("td", "long", estimate.formula()).close();
    }
    scrolled(table.close().close());
    m.close();
  }

  private void metrics() {
    if (report.metrics().isEmpty()) {
      return;
    }
    section("Further metrics");
    Markup table = new Markup().open("table").with("class", "notes").open("tbody");
    for (Metric metric : report.metrics()) {
      String unit = metric.unit().isEmpty() ? "" : " " + metric.unit();
      table.open("tr").open("th").with("scope", "row").text(metric.name()).close();
      table.element("td", "number", Numbers.plain(metric.value()) + unit);
      table.element("td", "long", metric.meaning()).close();
    }
    scrolled(table.close().close());
    m.close();
  }

  private void receptiveFields() {
    section("Receptive fields");
    m.element(
        "p",
        "soft",
        "The learnt weights of each token FC, before batch normalisation is folded in: row n of a"
            + " map is what neuron n takes from each place along the axis. White is 0. The profiles"
            + " are the first, the middle and the last row. Paper: figure 5.");
    String place = "";
    for (ReceptiveField field : report.receptiveFields()) {
      if (!field.place().equals(place)) {
        if (!place.isEmpty()) {
          m.close();
        }
        place = field.place();
        m.element("h3", place).open("div").with("class", "fields");
      }
      m.add(ReceptiveFieldFigure.draw(field));
    }
    if (place.isEmpty()) {
      m.element("p", "This network has no token FC.");
    } else {
      m.close();
    }
    m.close();
  }

  private void section(String title) {
    m.open("section").element("h2", title);
  }

  private Markup facts(Map<String, String> facts) {
    m.open("dl").with("class", "facts");
    facts.forEach(this::fact);
    return m.close();
  }

  private void fact(String name, String value) {
    m.element("dt", name).element("dd", value);
  }

  private void figures(List<Markup> figures) {
    m.open("div").with("class", "figures");
    figures.forEach(m::add);
    m.close();
  }

  private void scrolled(Markup table) {
    m.open("div").with("class", "scroll").add(table).close();
  }
}
