package spikemlp.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import spikemlp.contract.classify.Classification;
import spikemlp.contract.classify.EnergyReport;
import spikemlp.contract.classify.Prediction;

/**
 * A picture and the platform's answer.
 *
 * @param picture its name
 * @param truth its class where that is known, or null
 * @param answer the classification with energy
 */
record ClassifiedPicture(String picture, @Nullable String truth, Classification answer) {

  /** One table of answers; the column of true classes only where they are known. */
  static List<String> table(List<ClassifiedPicture> pictures) {
    boolean known = pictures.stream().anyMatch(picture -> picture.truth() != null);
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "picture",
            known ? "true" : "model",
            "predicted",
            "probability",
            "energy",
            "as ANN",
            "ratio"));
    for (ClassifiedPicture picture : pictures) {
      Prediction best = picture.answer().predictions().getFirst();
      EnergyReport energy = picture.answer().energy();
      rows.add(
          List.of(
              picture.picture(),
              picture.truth() == null
                  ? picture.answer().model() + ":" + picture.answer().version()
                  : picture.truth(),
              best.label()
                  + (picture.truth() == null || picture.truth().equals(best.label()) ? "" : "  ✗"),
              Figures.percent(best.probability()),
              Figures.energy(energy.picojoules()),
              Figures.energy(energy.annPicojoules()),
              String.format(Locale.ROOT, "%.1f ×", energy.annPicojoules() / energy.picojoules())));
    }
    List<String> lines = new ArrayList<>(Figures.table(rows));
    lines.add(
        "  Energy is an estimate from the spikes each picture fired ("
            + pictures.getFirst().answer().energy().model().name()
            + "), not a measurement.");
    return lines;
  }
}
