package spikemlp.frontdoor;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Every error that the front door itself answers, as an RFC 9457 problem. */
@RestControllerAdvice
class FrontDoorProblems {

  private static final Logger LOG = LoggerFactory.getLogger(FrontDoorProblems.class);

  /** Not IOException: then the caller or the service left in mid-answer, and nobody listens. */
  @ExceptionHandler({ServletException.class, RuntimeException.class})
  ResponseEntity<ProblemDetail> answer(Exception failure, HttpServletRequest request) {
    if (failure instanceof ErrorResponse known) {
      return known(known.getStatusCode(), request).entity(known.getHeaders());
    }
    String id = UUID.randomUUID().toString();
    LOG.error("request {} to {} failed", id, request.getRequestURI(), failure);
    return new Problem(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "internal-error",
            "The front door failed; its log has the reason under the id " + id + ".")
        .with("id", id)
        .entity(HttpHeaders.EMPTY);
  }

  private static Problem known(HttpStatusCode status, HttpServletRequest request) {
    if (status.isSameCodeAs(HttpStatus.NOT_FOUND)) {
      return new Problem(status, "not-found", "Nothing is at " + request.getRequestURI() + ".");
    }
    HttpStatus named = HttpStatus.resolve(status.value());
    String reason = named == null ? "request refused" : named.getReasonPhrase();
    return new Problem(
        status,
        reason.toLowerCase(Locale.ROOT).replace(' ', '-'),
        request.getMethod() + " " + request.getRequestURI() + ": " + reason + ".");
  }
}
