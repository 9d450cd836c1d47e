package spikemlp.trainer.job;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import spikemlp.problem.Problems;

/** Answers 409 {@code idempotency-key-in-use}, and when to try again. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // before the advice that takes every exception
final class KeyInUseAdvice {

  private static final String RETRY_SECONDS = "1";

  KeyInUseAdvice() {}

  @ExceptionHandler
  ResponseEntity<ProblemDetail> inUse(KeyInUseException failure) {
    return ResponseEntity.status(HttpStatus.CONFLICT)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            Problems.of(
                HttpStatus.CONFLICT,
                "idempotency-key-in-use",
                String.valueOf(failure.getMessage())));
  }
}
