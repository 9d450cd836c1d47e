package spikemlp.report;

import java.util.List;
import spikemlp.report.VersionReport.EnergyEstimate;

/** Energy an image against the same network as an artificial one: table 4 of the paper. */
final class EnergyFigure {

  private static final double WIDTH = 340;
  private static final double ROW = 54;
  private static final double LONGEST = 262;

  private EnergyFigure() {}

  /** Two bars a model; a model's longer bar has the full length, as models are not compared. */
  static Markup draw(List<EnergyEstimate> estimates) {
    Markup m = new Markup().open("figure").with("class", "plot");
    m.open("figcaption").element("b", "Energy an image").text(" ");
    m.element("span", "key s1", "spiking").text(" ");
    m.element("span", "key s0", "as an ANN").close();
    Svg.open(
        m, WIDTH, Math.max(1, estimates.size()) * ROW, "Energy an image, as in the table below");
    for (int i = 0; i < estimates.size(); i++) {
      EnergyEstimate estimate = estimates.get(i);
      double y = i * ROW;
      Svg.text(m, "start", 0, y + 12, estimate.model());
      double longest = Math.max(estimate.picojoules(), estimate.annPicojoules());
      bar(m, "s1", y + 18, estimate.picojoules(), longest);
      bar(m, "s0", y + 33, estimate.annPicojoules(), longest);
    }
    return m.close().close();
  }

  private static void bar(Markup m, String colour, double y, double picojoules, double longest) {
    double share = longest > 0 && Double.isFinite(longest) ? picojoules / longest : 0;
    double length = Double.isFinite(share) ? Math.max(1, share * LONGEST) : 1;
    String energy = Numbers.energy(picojoules);
    Svg.bar(m, colour, 0, y, length, 12, energy);
    Svg.text(m, "start", length + 6, y + 10, energy);
  }
}
