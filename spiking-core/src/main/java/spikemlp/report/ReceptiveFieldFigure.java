package spikemlp.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** A receptive field as a map and as profiles of single rows: figure 5 of the paper. */
final class ReceptiveFieldFigure {

  /** Cells a side of a drawn map; a larger matrix is drawn by means of blocks. */
  static final int MOST_CELLS = 256;

  private static final double WIDTH = 340;
  private static final double SIDE = 210;
  private static final double LEFT = 44;
  private static final double TOP = 8;

  private ReceptiveFieldFigure() {}

  static Markup draw(ReceptiveField field) {
    Markup m = new Markup().open("figure").with("class", "field");
    m.open("figcaption").element("b", field.layer()).text(" ");
    m.text(field.size() + "×" + field.size() + ", diagonal ±1: ");
    m.text(Numbers.percent(field.diagonalDominance(), 1) + " of |w|, if uniform ");
    m.text(Numbers.percent(field.uniformDominance(), 1)).close();
    m.add(map(field));
    m.add(profiles(field));
    return m.close();
  }

  private static Markup map(ReceptiveField field) {
    double bound = field.bound();
    DivergingColours colours = new DivergingColours(bound == 0 ? 1 : bound);
    int block = (field.size() + MOST_CELLS - 1) / MOST_CELLS;
    int cells = (field.size() + block - 1) / block;
    double bottom = TOP + SIDE;
    Markup m = new Markup();
    Svg.open(m, WIDTH, bottom + 34, "Map of the weights of " + field.layer());
    Svg.picture(m, colours.png(blocks(field, block, cells), cells, cells), LEFT, TOP, SIDE, SIDE);
    m.open("rect").with("class", "frame").with("x", LEFT).with("y", TOP);
    m.with("width", SIDE).with("height", SIDE).close();
    double cell = SIDE / field.size();
    String last = Integer.toString(field.size() - 1);
    Svg.text(m, "end", LEFT - 5, TOP + Math.min(cell / 2, SIDE / 4) + 4, "0");
    Svg.text(m, "middle", LEFT + Math.min(cell / 2, SIDE / 4), bottom + 14, "0");
    if (field.size() > 1) {
      Svg.text(m, "end", LEFT - 5, bottom - cell / 2 + 4, last);
      Svg.text(m, "middle", LEFT + SIDE - cell / 2, bottom + 14, last);
    }
    Svg.text(m, "middle", LEFT + SIDE / 2, bottom + 14, "in");
    Svg.text(m, "end", LEFT - 5, TOP + SIDE / 2 + 4, "out");
    Svg.text(
        m,
        "middle",
        LEFT + SIDE / 2,
        bottom + 30,
        field.axis().unit() + (block > 1 ? ", means of " + block + "×" + block : ""));
    legend(m, colours, bound);
    return m.close();
  }

  private static void legend(Markup m, DivergingColours colours, double bound) {
    double x = LEFT + SIDE + 16;
    double height = 96;
    double middle = TOP + SIDE / 2;
    Svg.picture(m, colours.legend(), x, middle - height / 2, 12, height);
    m.open("rect").with("class", "frame").with("x", x).with("y", middle - height / 2);
    m.with("width", 12).with("height", height).close();
    Svg.text(m, "start", x + 17, middle - height / 2 + 8, "+" + Numbers.significant(bound, 3));
    Svg.text(m, "start", x + 17, middle + 4, "0");
    Svg.text(m, "start", x + 17, middle + height / 2, "−" + Numbers.significant(bound, 3));
  }

  private static double[] blocks(ReceptiveField field, int block, int cells) {
    double[] sums = new double[cells * cells];
    int[] counts = new int[cells * cells];
    for (int i = 0; i < field.weights().length; i++) {
      int cell = i / field.size() / block * cells + i % field.size() / block;
      sums[cell] += field.weights()[i];
      counts[cell]++;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= counts[i];
    }
    return sums;
  }

  private static Markup profiles(ReceptiveField field) {
    SequencedSet<Integer> rows =
        new LinkedHashSet<>(List.of(0, field.size() / 2, field.size() - 1));
    double[] places = new double[field.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    List<LinePlot.Line> lines = new ArrayList<>();
    for (int row : rows) {
      lines.add(new LinePlot.Line("row " + row, places, field.row(row)));
    }
    double bound = field.bound() == 0 ? 1 : 1.05 * field.bound();
    LinePlot.Range x =
        field.size() == 1
            ? new LinePlot.Range(-0.5, 0.5)
            : new LinePlot.Range(0, field.size() - 1.0);
    return new LinePlot(
            "Profiles",
            "input, by " + field.axis().unit(),
            x,
            new LinePlot.Range(-bound, bound),
            value -> Numbers.significant(value, 3),
            lines)
        .draw();
  }
}
