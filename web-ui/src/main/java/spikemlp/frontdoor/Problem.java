package spikemlp.frontdoor;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** An RFC 9457 problem with a stable {@code code}. */
final class Problem {

  private final ProblemDetail detail;

  Problem(HttpStatusCode status, String code, String text) {
    detail = ProblemDetail.forStatusAndDetail(status, text);
    detail.setProperty("code", code);
  }

  /** Adds a property of this kind of problem. */
  Problem with(String name, String value) {
    detail.setProperty(name, value);
    return this;
  }

  /** The answer of a route; on the paths of the Open Inference Protocol, an error of that. */
  ServerResponse response(ServerRequest request) {
    boolean protocol = isProtocol(request.path());
    return ServerResponse.status(detail.getStatus())
        .contentType(protocol ? MediaType.APPLICATION_JSON : MediaType.APPLICATION_PROBLEM_JSON)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(protocol ? Map.of("error", String.valueOf(detail.getDetail())) : detail);
  }

  /** Whether a path is one of the Open Inference Protocol. */
  static boolean isProtocol(String path) {
    return path.equals("/v2") || path.startsWith("/v2/");
  }

  /** The answer of an exception handler, with the headers that belong to the status. */
  ResponseEntity<ProblemDetail> entity(HttpHeaders headers) {
    return ResponseEntity.status(detail.getStatus())
        .headers(headers)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(detail);
  }
}
