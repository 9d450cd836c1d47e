package spikemlp.registry.manifest;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import spikemlp.contract.card.ExportProof;
import spikemlp.contract.card.ModelCard;
import spikemlp.contract.card.Parent;
import spikemlp.contract.card.Provenance;
import spikemlp.contract.energy.EnergyModel;
import spikemlp.contract.network.NetworkConfig;
import spikemlp.contract.registry.Artifact;
import spikemlp.contract.registry.ModelVersion;

/**
 * A version's card as Markdown. Texts of whoever registered it are escaped: they are text, whatever
 * they hold.
 */
final class ModelCardPage {

  private static final int MOST_LABELS = 50;
  private static final String PICOJOULES = "_pj";

  private final ModelVersion version;
  private final StringBuilder out = new StringBuilder();

  private ModelCardPage(ModelVersion version) {
    this.version = version;
  }

  static String of(ModelVersion version) {
    return new ModelCardPage(version).page();
  }

  private String page() {
    line("# " + escape(version.model()) + ", version " + version.version());
    line("");
    line("State " + version.state() + ", registered " + version.createdAt() + ".");
    if (!version.aliases().isEmpty()) {
      line("Aliases: " + escape(String.join(", ", version.aliases())) + ".");
    }
    if (!version.damaged().isEmpty()) {
      line("**Damaged in the store:** " + escape(String.join(", ", version.damaged())) + ".");
    }
    network();
    metrics();
    proof();
    lineage();
    files();
    return out.toString();
  }

  private void network() {
    ModelCard card = version.card();
    NetworkConfig network = card.network();
    heading("Network");
    table("property", "value");
    row("variant", escape(card.variant()));
    row("image", network.imageHeight() + "×" + network.imageWidth() + " pixels");
    row("patch size", Integer.toString(network.patchSize()));
    row("patch encoding", network.patchEncoding().toString());
    row("embedding dimension C₁", Integer.toString(network.embeddingDim()));
    row("depths", network.depths().toString());
    row("time steps T", Integer.toString(network.timeSteps()));
    row("neurons", Long.toString(card.topology().neuronCount()));
    List<String> labels = card.labels();
    String shown =
        String.join(", ", labels.stream().limit(MOST_LABELS).map(ModelCardPage::escape).toList());
    row("classes", labels.size() + ": " + shown + (labels.size() > MOST_LABELS ? ", …" : ""));
  }

  private void metrics() {
    heading("Metrics");
    table("metric", "value");
    new TreeMap<>(version.metrics())
        .forEach((name, value) -> {
          boolean energy = name.endsWith(PICOJOULES);
          String unit =
              energy ? " pJ an image, estimated by " + EnergyModel.HOROWITZ_45NM.name() : "";
          row(escape(name), number(value) + unit);
        });
    if (version.metrics().keySet().stream().anyMatch(name -> name.endsWith(PICOJOULES))) {
      line("");
      line("Energies are estimates from counted operations; no energy was measured.");
    }
  }

  private void proof() {
    heading("Proof");
    ExportProof proof = version.proof();
    if (!proof.made()) {
      line("None was made: the version was imported, and nobody compared it with the core.");
      return;
    }
    line(
        (proof.passed() ? "Passed" : "**Did not pass**")
            + ": the exported model was compared with the core in "
            + escape(proof.runtime())
            + ".");
    line("");
    table("compared", "value");
    row("images", Integer.toString(proof.images()));
    row("images of the same class", Integer.toString(proof.argmaxAgreements()));
    row("largest difference of a logit", number(proof.maxLogitError()));
    row("spikes", Long.toString(proof.spikes()));
    row("spikes that differ", Long.toString(proof.differingSpikes()));
    row("multiplication-free", proof.multiplicationFree() ? "yes" : "no");
  }

  private void lineage() {
    Provenance from = version.card().provenance();
    heading("Lineage");
    table("what", "value");
    row("source", escape(version.sourceJobId()));
    row("data set", escape(from.dataSet()));
    row("data hash", escape(from.dataHash()));
    row("seed", Long.toString(from.seed()));
    row("exported", escape(from.createdAt()));
    Parent parent = from.parent();
    if (parent != null) {
      row(
          "parent",
          escape(parent.model())
              + ":"
              + parent.version()
              + ", T = "
              + parent.timeSteps()
              + ", "
              + parent.mode().name().toLowerCase(Locale.ROOT));
    }
    new TreeMap<>(from.software()).forEach((name, value) -> row(escape(name), escape(value)));
  }

  private void files() {
    heading("Files");
    line("| file | bytes | SHA-256 |");
    line("|---|---|---|");
    for (Map.Entry<String, Artifact> entry : new TreeMap<>(version.artifacts()).entrySet()) {
      Artifact file = entry.getValue();
      line("| " + escape(entry.getKey()) + " | " + file.size() + " | `" + file.sha256() + "` |");
    }
  }

  private void heading(String text) {
    line("");
    line("## " + text);
    line("");
  }

  private void table(String first, String second) {
    line("| " + first + " | " + second + " |");
    line("|---|---|");
  }

  private void row(String name, String value) {
    line("| " + name + " | " + value + " |");
  }

  private void line(String line) {
    out.append(line).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  /** The text with what Markdown or HTML would act on made plain; a line stays a line. */
  static String escape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      switch (next) {
        case '&' -> plain.append("&amp;");
        case '<' -> plain.append("&lt;");
        case '>' -> plain.append("&gt;");
        case '\\', '`', '*', '_', '[', ']', '|', '#', '!', '~' -> plain.append('\\').append(next);
        default -> plain.append(Character.isISOControl(next) ? ' ' : next);
      }
    }
    return plain.toString();
  }
}
