package spikemlp.launcher;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers and tables as people read them. */
final class Figures {

  private Figures() {}

  /** An energy with its unit, such as {@code 12.3 µJ}. */
  static String energy(double picojoules) {
    String[] units = {"pJ", "nJ", "µJ", "mJ", "J"};
    double value = picojoules;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, value < 10 ? "%.2f %s" : "%.1f %s", value, units[unit]);
  }

  /** A number of things in thousands, millions or billions, such as {@code 25.2 M}. */
  static String count(long number) {
    return scaled((double) number, "", " k", " M", " G", " T", " P");
  }

  /** Bytes, such as {@code 101 MB}. */
  static String bytes(long number) {
    return scaled((double) number, " B", " kB", " MB", " GB", " TB", " PB", " EB");
  }

  private static String scaled(double number, String... units) {
    double value = number;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    String format = unit == 0 || value >= 100 ? "%.0f%s" : value >= 10 ? "%.1f%s" : "%.2f%s";
    return String.format(Locale.ROOT, format, value, units[unit]);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  /** Minutes and seconds, such as {@code 1:05}. */
  static String duration(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.1f s", seconds);
  }

  /** Rows with their columns aligned to the left, the first row a heading with a rule below. */
  static List<String> table(List<List<String>> rows) {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      lines.add(line.toString().stripTrailing());
      if (lines.size() == 1) {
        int width = 2 * (columns - 1);
        for (int column : widths) {
          width += column;
        }
        lines.add("  " + "─".repeat(width));
      }
    }
    return lines;
  }
}
