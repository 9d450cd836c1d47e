package spikemlp.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Lines over a common x axis, as a figure with a key. Points that are not finite are left out; a
 * line breaks there.
 *
 * @param title above the plot
 * @param xName below the x axis
 * @param x the x axis, drawn from left to right; it counts whole things
 * @param y the y axis, drawn from bottom to top
 * @param yLabel how a number of the y axis is written
 */
record LinePlot(
    String title, String xName, Range x, Range y, DoubleFunction<String> yLabel, List<Line> lines) {

  private static final double WIDTH = 340;
  private static final double HEIGHT = 200;
  private static final double LEFT = 44;
  private static final double RIGHT = 12;
  private static final double TOP = 10;
  private static final double BOTTOM = 36;

  /** What an axis covers; {@code least < most}. */
  record Range(double least, double most) {}

  /** The points {@code (x[i], y[i])}. */
  record Line(String name, double[] x, double[] y) {
    Line {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "line '" + name + "' has " + x.length + " x and " + y.length + " y");
      }
    }
  }

  LinePlot {
    lines = List.copyOf(lines);
  }

  Markup draw() {
    Scale across = new Scale(x.least(), x.most(), LEFT, WIDTH - RIGHT);
    Scale up = new Scale(y.least(), y.most(), HEIGHT - BOTTOM, TOP);
    Markup m = new Markup().open("figure").with("class", "plot");
    m.open("figcaption").element("b", title);
    for (int i = 0; i < lines.size(); i++) {
      m.text(" ").element("span", "key s" + (i + 1), lines.get(i).name());
    }
    m.close();
    Svg.open(m, WIDTH, HEIGHT, summary());
    for (double tick : up.ticks(4)) {
      Svg.line(m, "grid", LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick));
      Svg.text(m, "end", LEFT - 5, up.at(tick) + 4, yLabel.apply(tick));
    }
    for (double tick : across.wholeTicks(6)) {
      Svg.line(m, "axis", across.at(tick), HEIGHT - BOTTOM, across.at(tick), HEIGHT - BOTTOM + 4);
      Svg.text(m, "middle", across.at(tick), HEIGHT - BOTTOM + 16, Numbers.fixed(tick, 0));
    }
    double ground = y.least() < 0 && y.most() > 0 ? up.at(0) : HEIGHT - BOTTOM;
    Svg.line(m, "axis", LEFT, ground, WIDTH - RIGHT, ground);
    Svg.text(m, "middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 4, xName);
    for (int i = 0; i < lines.size(); i++) {
      draw(m, lines.get(i), "s" + (i + 1), across, up);
    }
    return m.close().close();
  }

  private static void draw(Markup m, Line line, String colour, Scale across, Scale up) {
    boolean markers = line.x().length <= 20;
    m.open("g").with("class", colour);
    for (List<double[]> run : runs(line)) {
      StringBuilder points = new StringBuilder();
      for (double[] point : run) {
        points.append(points.isEmpty() ? "" : " ");
        points.append(Markup.number(across.at(point[0]))).append(',');
        points.append(Markup.number(up.at(point[1])));
        if (markers || run.size() == 1) {
          m.open("circle").with("cx", across.at(point[0])).with("cy", up.at(point[1]));
          m.with("r", 2.5).close();
        }
      }
      m.open("polyline").with("points", points.toString()).close();
    }
    m.close();
  }

  /** The stretches of finite points. */
  private static List<List<double[]>> runs(Line line) {
    List<List<double[]>> runs = new ArrayList<>();
    boolean broken = true;
    for (int i = 0; i < line.x().length; i++) {
      if (!Double.isFinite(line.x()[i]) || !Double.isFinite(line.y()[i])) {
        broken = true;
        continue;
      }
      if (broken) {
        runs.add(new ArrayList<>());
        broken = false;
      }
      runs.getLast().add(new double[] {line.x()[i], line.y()[i]});
    }
    return runs;
  }

  private String summary() {
    StringBuilder summary = new StringBuilder(title).append(" by ").append(xName);
    for (Line line : lines) {
      if (line.y().length > 0) {
        summary.append("; ").append(line.name()).append(", last: ");
        summary.append(yLabel.apply(line.y()[line.y().length - 1]));
      }
    }
    return summary.toString();
  }
}
