package spikemlp.report;

import java.util.Map;
import spikemlp.contract.card.ExportProof;

/** The sections on what was proved, where the version came from and what made it. */
record ProvenanceSections(VersionReport report, Markup m) {

  void proof() {
    ExportProof proof = report.proof();
    m.open("section").element("h2", "Proof of the export");
    m.open("p")
        .element("span", proof.passed() ? "good" : "bad", proof.passed() ? "Passed" : "Not passed");
    m.text(": the exported model against the core, on images it was not trained on.").close();
    m.open("dl").with("class", "facts");
    fact("Runtime", proof.runtime());
    fact(
        "Same class",
        "on %s of %s images"
            .formatted(Numbers.exactly(proof.argmaxAgreements()), Numbers.exactly(proof.images())));
    fact(
        "Different spikes",
        "%s of %s; at most 1 in 100,000 may be"
            .formatted(Numbers.exactly(proof.differingSpikes()), Numbers.exactly(proof.spikes())));
    fact("Largest logit error", Numbers.significant(proof.maxLogitError(), 3));
    fact(
        "Multiplication-free",
        proof.multiplicationFree()
            ? "yes: each product but the first layer's has a binary operand"
            : "no");
    m.close().close();
  }

  void lineage() {
    m.open("section").element("h2", "Lineage");
    m.open("dl").with("class", "facts");
    report.lineage().forEach(this::fact);
    m.close();
    if (!report.artifacts().isEmpty()) {
      m.element("h3", "Files");
      m.open("div").with("class", "scroll").open("table").open("thead").open("tr");
      m.element("th", "File").element("th", "number", "Bytes").element("th", "SHA-256");
      m.close().close().open("tbody");
      report
          .artifacts()
          .forEach((file, artifact) -> {
            m.open("tr").element("td", file);
            m.element("td", "number", Numbers.exactly(artifact.size()));
            m.open("td").with("class", "long").element("code", artifact.sha256()).close().close();
          });
      m.close().close().close();
    }
    numbers("Seconds by step", report.secondsByStep());
    m.close();
    m.open("section").element("h2", "Software").open("dl").with("class", "facts");
    report.software().forEach(this::fact);
    m.close().close();
  }

  private void numbers(String title, Map<String, Double> numbers) {
    if (!numbers.isEmpty()) {
      m.element("h3", title).open("dl").with("class", "facts");
      numbers.forEach((name, value) -> fact(name, Numbers.fixed(value, 1)));
      m.close();
    }
  }

  private void fact(String name, String value) {
    m.element("dt", name).element("dd", value);
  }
}
