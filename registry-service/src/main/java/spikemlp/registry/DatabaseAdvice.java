package spikemlp.registry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import spikemlp.problem.Problems;

/**
 * Answers 503 {@code database-unavailable} when PostgreSQL cannot be reached or breaks off. Every
 * change is one transaction and every route may be repeated, so the caller may simply retry.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class DatabaseAdvice {

  private static final Logger log = LoggerFactory.getLogger(DatabaseAdvice.class);
  private static final String RETRY_SECONDS = "5";

  @ExceptionHandler({
    DataAccessResourceFailureException.class, // covers no connection to be had
    TransientDataAccessException.class, // deadlock, serialisation failure, timeout
    CannotCreateTransactionException.class,
    TransactionSystemException.class // broke off during commit or rollback
  })
  ResponseEntity<ProblemDetail> unavailable(RuntimeException failure) {
    log.error(
        "the database is unavailable: {}: {}",
        failure.getClass().getSimpleName(),
        String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage()));
    ProblemDetail problem =
        Problems.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "database-unavailable",
            "the registry's database is unavailable; retry in " + RETRY_SECONDS + " seconds");
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }
}
