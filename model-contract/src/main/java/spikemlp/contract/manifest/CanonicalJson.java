package spikemlp.contract.manifest;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON in the one form of RFC 8785: no white space, members sorted by name, numbers as ECMAScript
 * writes them. The same value gives the same text whoever writes it, so that a signature over it
 * can be checked after any parser has read it.
 */
public final class CanonicalJson {

  private static final BigInteger MOST = BigInteger.ONE.shiftLeft(53);
  private static final int PLAIN_DIGITS = 21;

  private CanonicalJson() {}

  /**
   * The text of a value made of maps with text keys, lists, texts, numbers, booleans and null.
   *
   * @throws IllegalArgumentException if it holds anything else, a number that is not finite, a
   *     whole number beyond ±2⁵³, or half a surrogate pair
   */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    append(value, out);
    return out.toString();
  }

  private static void append(@Nullable Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Boolean truth -> out.append(truth.booleanValue());
      case String text -> text(text, out);
      case Integer number -> out.append(number.intValue());
      case Long number -> whole(BigInteger.valueOf(number), out);
      case BigInteger number -> whole(number, out);
      case BigDecimal number -> number(number.doubleValue(), out);
      case Float number -> number(number, out);
      case Double number -> number(number, out);
      case List<?> list -> list(list, out);
      case Map<?, ?> map -> map(map, out);
      default -> throw new IllegalArgumentException("JSON holds no " + value.getClass().getName());
    }
  }

  private static void list(List<?> list, StringBuilder out) {
    out.append('[');
    String separator = "";
    for (Object element : list) {
      out.append(separator);
      append(element, out);
      separator = ",";
    }
    out.append(']');
  }

  private static void map(Map<?, ?> map, StringBuilder out) {
    Map<String, Object> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!(entry.getKey() instanceof String name)) {
        throw new IllegalArgumentException("a member's name is a text, not " + entry.getKey());
      }
      Object member = entry.getValue();
      sorted.put(name, member == null ? Null.NULL : member);
    }
    out.append('{');
    String separator = "";
    for (Map.Entry<String, Object> entry : sorted.entrySet()) {
      out.append(separator);
      text(entry.getKey(), out);
      out.append(':');
      append(entry.getValue() == Null.NULL ? null : entry.getValue(), out);
      separator = ",";
    }
    out.append('}');
  }

  private enum Null {
    NULL
  }

  private static void whole(BigInteger number, StringBuilder out) {
    if (number.abs().compareTo(MOST) > 0) {
      throw new IllegalArgumentException(
          number + " is beyond ±2⁵³, which JSON's numbers hold exactly; write it as a text");
    }
    out.append(number);
  }

  /** ECMAScript's Number::toString, from the shortest digits that mean the number. */
  private static void number(double number, StringBuilder out) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("JSON holds no " + number);
    }
    if (number == 0) {
      out.append('0');
      return;
    }
    if (number < 0) {
      out.append('-');
    }
    BigDecimal shortest = shortest(Math.abs(number));
    String digits = shortest.unscaledValue().toString();
    int k = digits.length();
    int n = k - shortest.scale(); // the number is 0.digits · 10ⁿ
    if (k <= n && n <= PLAIN_DIGITS) {
      out.append(digits).repeat('0', n - k);
    } else if (0 < n && n <= PLAIN_DIGITS) {
      out.append(digits, 0, n).append('.').append(digits, n, k);
    } else if (-6 < n && n <= 0) {
      out.append("0.").repeat('0', -n).append(digits);
    } else {
      out.append(digits.charAt(0));
      if (k > 1) {
        out.append('.').append(digits, 1, k);
      }
      out.append('e').append(n > 0 ? "+" : "").append(n - 1);
    }
  }

  /** Java writes two digits where one would do, and then not always one and a zero. */
  private static BigDecimal shortest(double number) {
    BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    BigDecimal one = digits.round(new MathContext(1)).stripTrailingZeros();
    return one.doubleValue() == number ? one : digits;
  }

  private static void text(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char next = text.charAt(i);
      switch (next) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (next < ' ') {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) next));
          } else if (Character.isSurrogate(next) && !paired(text, i)) {
            throw new IllegalArgumentException("a text holds half a surrogate pair");
          } else {
            out.append(next);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean paired(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
