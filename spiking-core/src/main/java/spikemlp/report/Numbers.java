package spikemlp.report;

import java.util.Locale;

/** Numbers as people read them. One that is not finite is a dash. */
final class Numbers {

  private static final String NONE = "–";
  private static final char THIN = '\u202f';

  private Numbers() {}

  /** An energy given in picojoules: {@code 2.50 µJ}. */
  static String energy(double picojoules) {
    return scaled(picojoules, "pJ", "nJ", "µJ", "mJ", "J");
  }

  /** A count: {@code 950}, {@code 12.3 k}, {@code 4.97 G}. */
  static String count(long value) {
    return scaled((double) value, "", "k", "M", "G", "T");
  }

  /** A count to the last one: {@code 1,234}. */
  static String exactly(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A share in [0, 1]: {@code 13.9 %}. */
  static String percent(double share, int decimals) {
    return Double.isFinite(share) ? fixed(100 * share, decimals) + THIN + "%" : NONE;
  }

  static String fixed(double value, int decimals) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : NONE;
  }

  /** As many significant digits, without zeros at the end. */
  static String significant(double value, int digits) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    int decimals = digits - 1 - (int) Math.floor(Math.log10(size));
    if (size < 1e-4 || size >= 1e9) {
      return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value);
    }
    String text = fixed(value, Math.max(0, decimals));
    return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
  }

  /** A number of any size: whole ones from 10,000 on to the last digit, others to six. */
  static String plain(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole && Math.abs(value) >= 10_000 ? exactly((long) value) : significant(value, 6);
  }

  /** How many times larger the baseline is: {@code 9.16×}. */
  static String ratio(double baseline, double value) {
    return value > 0 && Double.isFinite(baseline / value) ? short3(baseline / value) + "×" : NONE;
  }

  private static String scaled(double value, String... units) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double scaled = value;
    int unit = 0;
    // 999.5 would be written as 1000 of the smaller unit.
    while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
      scaled /= 1000;
      unit++;
    }
    boolean whole = unit == 0 && scaled == Math.rint(scaled);
    String digits = whole ? fixed(scaled, 0) : short3(scaled);
    return units[unit].isEmpty() ? digits : digits + THIN + units[unit];
  }

  private static String short3(double value) {
    double size = Math.abs(value);
    return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
  }
}
