package spikemlp.registry.artifact;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import spikemlp.problem.Problems;

/**
 * Answers 410 to the download of a damaged artifact, or cuts the connection where a part is already
 * out: the receiver must not take it for the whole.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class DamageAdvice {

  @ExceptionHandler
  ResponseEntity<ProblemDetail> damaged(
      DamagedContentException failure, HttpServletResponse response)
      throws DamagedContentException {
    if (response.isCommitted()) {
      throw failure; // the web server closes a connection whose response broke off
    }
    response.reset();
    return ResponseEntity.status(HttpStatus.GONE)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            Problems.of(HttpStatus.GONE, "artifact-corrupt", String.valueOf(failure.getMessage())));
  }
}
