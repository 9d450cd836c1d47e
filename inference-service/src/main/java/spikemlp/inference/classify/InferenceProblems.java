package spikemlp.inference.classify;

import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import spikemlp.contract.image.UnreadableImageException;
import spikemlp.inference.engine.DeadlineExceededException;
import spikemlp.inference.engine.OverloadedException;
import spikemlp.inference.engine.UnusableModelException;
import spikemlp.inference.model.BadArtifactException;
import spikemlp.inference.model.RegistryUnavailableException;
import spikemlp.inference.model.UnresolvedModelException;
import spikemlp.problem.Problems;

/** Inference's own failures as problems. What may pass by itself says when to come back. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InferenceProblems {

  private static final Logger log = LoggerFactory.getLogger(InferenceProblems.class);

  /** Seconds after which a place, a load or the registry may well be there. */
  private static final String SOON = "2";

  private final InferenceMetrics metrics;

  InferenceProblems(InferenceMetrics metrics) {
    this.metrics = metrics;
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unreadable(UnreadableImageException e) {
    return answer(HttpStatus.BAD_REQUEST, "unreadable-image", e);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unresolved(UnresolvedModelException e) {
    return answer(HttpStatusCode.valueOf(e.status()), e.code(), e);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> registry(RegistryUnavailableException e) {
    return answer(HttpStatus.SERVICE_UNAVAILABLE, "registry-unavailable", e);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> overloaded(OverloadedException e) {
    return answer(HttpStatus.SERVICE_UNAVAILABLE, "overloaded", e);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> late(DeadlineExceededException e) {
    return answer(HttpStatus.GATEWAY_TIMEOUT, "deadline-exceeded", e);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> artifact(BadArtifactException e) {
    return answer(HttpStatus.BAD_GATEWAY, "bad-artifact", e);
  }

  @ExceptionHandler
  ResponseEntity<ProblemDetail> unusable(UnusableModelException e) {
    return answer(HttpStatus.BAD_GATEWAY, "unusable-model", e);
  }

  /** A full disk, most often; its own message names paths, so only ours goes out. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> disk(UncheckedIOException e) {
    log.error("a model file could not be kept", e);
    return answer(HttpStatus.INSUFFICIENT_STORAGE, "model-not-stored", e);
  }

  private ResponseEntity<ProblemDetail> answer(
      HttpStatusCode status, String code, RuntimeException failure) {
    metrics.refused(code);
    ResponseEntity.BodyBuilder response =
        ResponseEntity.status(status).contentType(MediaType.APPLICATION_PROBLEM_JSON);
    if (status.value() == 503 || status.value() == 504) {
      response.header(HttpHeaders.RETRY_AFTER, SOON);
    }
    return response.body(Problems.of(status, code, String.valueOf(failure.getMessage())));
  }
}
