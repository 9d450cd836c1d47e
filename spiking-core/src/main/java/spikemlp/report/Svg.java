package spikemlp.report;

import java.util.Base64;

/** The few shapes that the figures are made of; their colours are the page's style sheet's. */
final class Svg {

  private static final String NAMESPACE = "http://www.w3.org/2000/svg";

  private Svg() {}

  /** Begins a drawing that scales to its place. */
  static Markup open(Markup m, double width, double height, String description) {
    return m.open("svg")
        .with("xmlns", NAMESPACE)
        .with("viewBox", "0 0 " + Markup.number(width) + " " + Markup.number(height))
        .with("role", "img")
        .with("aria-label", description);
  }

  static void line(Markup m, String htmlClass, double x1, double y1, double x2, double y2) {
    m.open("line").with("class", htmlClass).with("x1", x1).with("y1", y1);
    m.with("x2", x2).with("y2", y2).close();
  }

  /** A text whose start, middle or end is at x. */
  static void text(Markup m, String anchor, double x, double y, String content) {
    m.open("text").with("text-anchor", anchor).with("x", x).with("y", y).text(content).close();
  }

  /** A rectangle that says what it is where one points at it. */
  static void bar(
      Markup m, String htmlClass, double x, double y, double width, double height, String title) {
    m.open("rect").with("class", htmlClass).with("x", x).with("y", y);
    m.with("width", width).with("height", height).element("title", title).close();
  }

  /** A picture of one pixel a number, its pixels kept sharp. */
  static void picture(Markup m, byte[] png, double x, double y, double width, double height) {
    m.open("image").with("x", x).with("y", y).with("width", width).with("height", height);
    m.with("preserveAspectRatio", "none").with("image-rendering", "pixelated");
    m.with("href", "data:image/png;base64," + Base64.getEncoder().encodeToString(png));
    m.close();
  }
}
