package spikemlp.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/**
 * Writes HTML and SVG that is well-formed as XML too: each element is closed, everything given is
 * escaped, and a coordinate is a finite number or an error. For one thread.
 */
final class Markup {

  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9:-]*");

  private final StringBuilder out = new StringBuilder();
  private final Deque<String> elements = new ArrayDeque<>();
  private boolean inStartTag;

  /** Begins an element; {@link #with} adds its attributes. */
  Markup open(String element) {
    endStartTag();
    out.append('<').append(name(element));
    elements.push(element);
    inStartTag = true;
    return this;
  }

  /**
   * Gives the element just begun an attribute.
   *
   * @throws IllegalStateException if the element has content already
   */
  Markup with(String attribute, String value) {
    if (!inStartTag) {
      throw new IllegalStateException(
          "attribute '" + attribute + "' comes after its element's content");
    }
    out.append(' ').append(name(attribute)).append("=\"").append(escape(value)).append('"');
    return this;
  }

  /**
   * The same for a number, at most two decimals.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  Markup with(String attribute, double value) {
    return with(attribute, number(value));
  }

  Markup text(String content) {
    endStartTag();
    out.append(escape(content));
    return this;
  }

  /** Ends the element begun last. */
  Markup close() {
    endStartTag();
    out.append("</").append(elements.pop()).append('>');
    return this;
  }

  /** Ends an element that HTML lets have no content, such as {@code meta}. */
  Markup closeVoid() {
    out.append("/>");
    inStartTag = false;
    elements.pop();
    return this;
  }

  /** An element that holds text alone. */
  Markup element(String element, String content) {
    return open(element).text(content).close();
  }

  /** An element of a class that holds text alone. */
  Markup element(String element, String htmlClass, String content) {
    return open(element).with("class", htmlClass).text(content).close();
  }

  /** Takes in other markup, which is complete. */
  Markup add(Markup other) {
    endStartTag();
    out.append(other);
    return this;
  }

  /** A style sheet of our own, which holds no markup. */
  Markup style(String css) {
    if (css.indexOf('<') >= 0 || css.indexOf('&') >= 0) {
      throw new IllegalArgumentException("a style sheet in a page may hold neither '<' nor '&'");
    }
    open("style");
    endStartTag();
    out.append(css);
    return close();
  }

  private void endStartTag() {
    if (inStartTag) {
      out.append('>');
      inStartTag = false;
    }
  }

  private static String name(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of an element or attribute");
    }
    return name;
  }

  static String number(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("a coordinate must be a finite number, not " + value);
    }
    double rounded = Math.rint(value * 100) / 100;
    return rounded == (long) rounded ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  /** Characters that XML cannot hold become U+FFFD. */
  private static String escape(String content) {
    StringBuilder escaped = new StringBuilder(content.length());
    content
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> escaped.append("&amp;");
            case '<' -> escaped.append("&lt;");
            case '>' -> escaped.append("&gt;");
            case '"' -> escaped.append("&quot;");
            case '\'' -> escaped.append("&#39;");
            default -> escaped.appendCodePoint(isCharacter(c) ? c : 0xFFFD);
          }
        });
    return escaped.toString();
  }

  private static boolean isCharacter(int c) {
    return c == '\t'
        || c == '\n'
        || (c >= 0x20 && c <= 0xD7FF && !(c >= 0x7F && c <= 0x9F))
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }

  /**
   * What was written.
   *
   * @throws IllegalStateException if an element is still open
   */
  @Override
  public String toString() {
    if (!elements.isEmpty()) {
      throw new IllegalStateException("<" + elements.peek() + "> is still open");
    }
    return out.toString();
  }
}
