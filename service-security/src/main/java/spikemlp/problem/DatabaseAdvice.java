package spikemlp.problem;

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

/**
 * Answers 503 {@code database-unavailable} when PostgreSQL cannot be reached, breaks off or has no
 * room left. A service with a database imports it; each of its routes must bear to be repeated, as
 * the caller is told to.
 */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE) // before ProblemAdvice, which takes every exception
public final class DatabaseAdvice {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseAdvice.class);
  private static final String RETRY_SECONDS = "5";

  DatabaseAdvice() {}

  @ExceptionHandler({
    DataAccessResourceFailureException.class, // no connection, or one that broke off
    TransientDataAccessException.class, // none in time, deadlock, serialisation failure
    CannotCreateTransactionException.class,
    TransactionSystemException.class // broke off during commit or rollback
  })
  ResponseEntity<ProblemDetail> unavailable(RuntimeException failure) {
    String reason = DatabaseOutage.reason(failure);
    LOG.warn(
        "{}: {}",
        reason,
        String.valueOf(NestedExceptionUtils.getMostSpecificCause(failure).getMessage()));
    return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(
            Problems.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "database-unavailable",
                reason + "; repeat the request in " + RETRY_SECONDS + " seconds"));
  }
}
