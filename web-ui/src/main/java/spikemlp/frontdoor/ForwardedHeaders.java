package spikemlp.frontdoor;

import java.util.List;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.RequestHttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerRequest;

/**
 * Tells a service who asked. The front door is the first that callers meet, so what a caller says
 * of its own address is dropped and the connection's address is put in its place.
 */
@Component
class ForwardedHeaders implements RequestHttpHeadersFilter, Ordered {

  private static final List<String> CLAIMED =
      List.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Port",
          "X-Forwarded-Prefix",
          "X-Forwarded-Proto",
          "X-Forwarded-Ssl",
          "X-Real-Ip");

  /** After the gateway's own filters. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public HttpHeaders apply(HttpHeaders fromCaller, ServerRequest request) {
    HttpHeaders headers = HttpHeaders.copyOf(fromCaller);
    CLAIMED.forEach(headers::remove);
    headers.set("X-Forwarded-For", request.servletRequest().getRemoteAddr());
    headers.set("X-Forwarded-Proto", request.servletRequest().getScheme());
    String host = request.headers().firstHeader(HttpHeaders.HOST);
    if (host != null) {
      headers.set("X-Forwarded-Host", host);
    }
    return headers;
  }
}
