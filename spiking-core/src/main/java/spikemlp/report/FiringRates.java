package spikemlp.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Firing rates by stage, mixer and neuron layer: figure 4 of the paper, as bars and as a table.
 *
 * @param groups by part of the network: {@code Stage 0}, …, {@code Head}; in each the patch layer's
 *     neurons, then each mixer's
 */
record FiringRates(SequencedMap<String, List<Group>> groups) {

  private static final Pattern MIXER =
      Pattern.compile("stages\\.(\\d+)\\.mixers\\.(\\d+)\\.(lif_\\w+)");
  private static final Pattern PATCH = Pattern.compile("stages\\.(\\d+)\\.(?:patch\\.)?(lif_\\w+)");
  private static final List<String> NEURONS =
      List.of("lif_h", "lif_w", "lif_token", "lif_hidden", "lif_channel");

  private static final double WIDTH = 340;
  private static final double HEIGHT = 180;
  private static final double LEFT = 44;
  private static final double RIGHT = 6;
  private static final double TOP = 10;
  private static final double BOTTOM = 34;

  /**
   * The neuron layers of a mixer or a patch layer.
   *
   * @param name {@code patch}, or the mixer's number
   * @param rates in [0, 1], by neuron layer
   */
  record Group(String name, SequencedMap<String, Double> rates) {}

  /** Sorts rates by the canonical names of their neuron layers. */
  static FiringRates of(Map<String, Double> rates) {
    SequencedMap<String, List<Group>> groups = new LinkedHashMap<>();
    rates.forEach((layer, rate) -> {
      Matcher mixer = MIXER.matcher(layer);
      Matcher patch = PATCH.matcher(layer);
      if (mixer.matches()) {
        put(groups, "Stage " + mixer.group(1), mixer.group(2), mixer.group(3), rate);
      } else if (patch.matches()) {
        put(groups, "Stage " + patch.group(1), "patch", patch.group(2), rate);
      } else {
        put(groups, "Head", "head", layer.replaceFirst("^head\\.", ""), rate);
      }
    });
    return new FiringRates(groups);
  }

  private static void put(
      Map<String, List<Group>> groups, String place, String name, String neuron, double rate) {
    List<Group> there = groups.computeIfAbsent(place, key -> new ArrayList<>());
    if (there.isEmpty() || !there.getLast().name().equals(name)) {
      there.add(new Group(name, new LinkedHashMap<>()));
    }
    there.getLast().rates().put(neuron, rate);
  }

  /** The neuron layers that the colours stand for. */
  Markup key() {
    Markup m = new Markup().open("p").with("class", "keys");
    for (int i = 0; i < NEURONS.size(); i++) {
      m.element("span", "key s" + (i + 1), NEURONS.get(i)).text(" ");
    }
    return m.element("span", "key s0", "patch layer and head").close();
  }

  /** One plot a stage, all to one scale. */
  List<Markup> draw() {
    double highest =
        groups.values().stream()
            .flatMap(List::stream)
            .flatMap(group -> group.rates().values().stream())
            .filter(Double::isFinite)
            .mapToDouble(Double::doubleValue)
            .max()
            .orElse(0);
    double most = Math.max(0.01, highest * 1.05);
    List<Markup> plots = new ArrayList<>();
    groups.forEach((place, parts) -> plots.add(draw(place, parts, most)));
    return plots;
  }

  private static Markup draw(String place, List<Group> parts, double most) {
    Scale up = new Scale(0, most, HEIGHT - BOTTOM, TOP);
    Markup m = new Markup().open("figure").with("class", "plot");
    m.open("figcaption").element("b", place).close();
    Svg.open(m, WIDTH, HEIGHT, "Firing rates of " + place + ", as in the table below");
    for (double tick : up.ticks(4)) {
      Svg.line(m, "grid", LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick));
      Svg.text(m, "end", LEFT - 5, up.at(tick) + 4, Numbers.significant(100 * tick, 3) + " %");
    }
    int bars = parts.stream().mapToInt(group -> group.rates().size()).sum();
    // Groups are set apart by a bar's width; a bar alone does not fill the plot.
    double step = Math.min(24, (WIDTH - LEFT - RIGHT) / (bars + parts.size()));
    double x = LEFT + step / 2;
    double labelled = Double.NEGATIVE_INFINITY;
    for (Group group : parts) {
      double from = x;
      for (Map.Entry<String, Double> neuron : group.rates().entrySet()) {
        double rate = neuron.getValue();
        if (Double.isFinite(rate)) {
          String title =
              "%s, %s, %s: %s"
                  .formatted(place, group.name(), neuron.getKey(), Numbers.percent(rate, 2));
          double top = up.at(rate);
          String colour = "s" + (NEURONS.indexOf(neuron.getKey()) + 1);
          Svg.bar(m, colour, x, top, step * 0.9, HEIGHT - BOTTOM - top, title);
        }
        x += step;
      }
      double middle = (from + x) / 2;
      double half = 3.5 * group.name().length();
      if (middle - half >= labelled + 4) {
        Svg.text(m, "middle", middle, HEIGHT - BOTTOM + 15, group.name());
        labelled = middle + half;
      }
      x += step;
    }
    Svg.line(m, "axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
    if (parts.size() > 1) {
      Svg.text(m, "middle", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 3, "mixer");
    }
    return m.close().close();
  }

  /** Every rate as a number. */
  Markup table() {
    Markup m = new Markup().open("table");
    m.open("thead").open("tr").element("th", "Layer");
    for (String neuron : NEURONS) {
      m.element("th", "number", neuron.substring("lif_".length()));
    }
    m.close().close().open("tbody");
    groups.forEach((place, parts) -> {
      for (Group group : parts) {
        boolean mixer = NEURONS.containsAll(group.rates().keySet());
        m.open("tr").open("th").with("scope", "row");
        m.text(mixer ? place + ", mixer " + group.name() : place).close();
        if (mixer) {
          for (String neuron : NEURONS) {
            Double rate = group.rates().get(neuron);
            m.element("td", "number", rate == null ? "" : Numbers.percent(rate, 2));
          }
        } else {
          m.open("td").with("colspan", NEURONS.size());
          String separator = "";
          for (Map.Entry<String, Double> neuron : group.rates().entrySet()) {
            m.text(separator + neuron.getKey() + " " + Numbers.percent(neuron.getValue(), 2));
            separator = ", ";
          }
          m.close();
        }
        m.close();
      }
    });
    return m.close().close();
  }
}
