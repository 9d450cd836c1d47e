package spikemlp.report;

import spikemlp.contract.energy.OperationCounts;

/** Operation counts with what each counts: table 4 of the paper. */
final class OperationsTable {

  private OperationsTable() {}

  static Markup of(OperationCounts counts) {
    Markup m = new Markup().open("table").with("class", "notes").open("tbody");
    long dense = counts.denseAdditions();
    row(
        m,
        "Synaptic additions (AC)",
        counts.synapticAdditions(),
        "Σ over spikes of their fan-out"
            + (dense > 0
                ? ": "
                    + Numbers.percent((double) counts.synapticAdditions() / dense, 1)
                    + " of the dense ones"
                : ""));
    row(m, "Dense additions", dense, "the same if every input spiked");
    row(m, "Multiply-accumulates (MAC)", counts.macs(), "the first layer's, once an image");
    row(
        m,
        "MAC at every step",
        counts.macsEveryStep(),
        "the same counted T times, the paper's convention");
    row(m, "Membrane updates", counts.membraneUpdates(), "one per neuron and time step");
    row(m, "Bias additions", counts.biasAdditions(), "of the folded batch normalisations");
    row(m, "Skip additions", counts.skipAdditions(), "of the skip connections");
    row(m, "MAC as an ANN", counts.annMacs(), "the same network with dense products, once");
    return m.close().close();
  }

  private static void row(Markup m, String name, long count, String meaning) {
    m.open("tr").open("th").with("scope", "row").text(name).close();
    m.element("td", "number", Numbers.exactly(count)).element("td", "long", meaning).close();
  }
}
