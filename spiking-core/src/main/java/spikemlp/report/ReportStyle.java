package spikemlp.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The one style sheet of every report page. A server whose Content-Security-Policy allows no inline
 * style allows this one by its hash.
 */
public final class ReportStyle {

  static final String CSS = read();

  private ReportStyle() {}

  /** As a source of {@code style-src}: {@code sha256-…}. */
  public static String hash() {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(CSS.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String read() {
    try (InputStream css = ReportStyle.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("the jar lacks spikemlp/report/report.css");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
