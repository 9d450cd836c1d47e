package spikemlp.frontdoor;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.ResponseHttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The security headers of every answer: the page runs its own scripts alone, in no frame, and sends
 * its address to nobody. There is no CORS header: other sites' scripts read nothing here.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PublicHeaders extends OncePerRequestFilter implements ResponseHttpHeadersFilter {

  private static final String REPORT_STYLES = "/report-styles.txt";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self' "
              + reportStyles()
              + "; img-src 'self' blob: data:;"
              + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=()");

  /**
   * The style sheets of reports: a report that the page opens inherits the page's policy, and its
   * one style sheet is inline.
   */
  private static String reportStyles() {
    try (InputStream hashes = PublicHeaders.class.getResourceAsStream(REPORT_STYLES)) {
      if (hashes == null) {
        throw new IllegalStateException("the front door's jar lacks " + REPORT_STYLES);
      }
      return new String(hashes.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("sha256-"))
          .map(hash -> "'" + hash.strip() + "'")
          .collect(Collectors.joining(" "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    HEADERS.forEach(response::setHeader);
    chain.doFilter(request, response);
  }

  /** Takes the same headers out of a service's answer, so that none is there twice. */
  @Override
  public HttpHeaders apply(HttpHeaders fromService, ServerResponse response) {
    HttpHeaders kept = HttpHeaders.copyOf(fromService);
    HEADERS.keySet().forEach(kept::remove);
    return kept;
  }
}
