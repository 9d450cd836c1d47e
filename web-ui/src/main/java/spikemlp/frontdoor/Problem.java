package spikemlp.frontdoor;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
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

  /** The answer of a route. */
  ServerResponse response() {
    return ServerResponse.status(detail.getStatus())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .body(detail);
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
