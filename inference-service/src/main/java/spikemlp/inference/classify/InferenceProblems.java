package spikemlp.inference.classify;

import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import spikemlp.contract.image.UnreadableImageException;
import spikemlp.inference.engine.CallerGoneException;
import spikemlp.inference.engine.DeadlineExceededException;
import spikemlp.inference.engine.OverloadedException;
import spikemlp.inference.engine.UnusableModelException;
import spikemlp.inference.model.BadArtifactException;
import spikemlp.inference.model.PrecisionUnavailableException;
import spikemlp.inference.model.RegistryUnavailableException;
import spikemlp.inference.model.UnresolvedModelException;
import spikemlp.inference.serve.Failure;
import spikemlp.inference.serve.InferenceMetrics;
import spikemlp.problem.ProblemException;
import spikemlp.problem.Problems;

/** Inference's own failures as problems. What may pass by itself says when to come back. */
@RestControllerAdvice(basePackageClasses = ClassifyController.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InferenceProblems {

  private static final Logger log = LoggerFactory.getLogger(InferenceProblems.class);

  private final InferenceMetrics metrics;

  InferenceProblems(InferenceMetrics metrics) {
    this.metrics = metrics;
  }

  @ExceptionHandler({
    UnreadableImageException.class,
    UnresolvedModelException.class,
    PrecisionUnavailableException.class,
    RegistryUnavailableException.class,
    OverloadedException.class,
    DeadlineExceededException.class,
    CallerGoneException.class,
    BadArtifactException.class,
    UnusableModelException.class,
    ProblemException.class
  })
  ResponseEntity<ProblemDetail> known(RuntimeException e) {
    return answer(Failure.of(e).orElseThrow());
  }

  /** A full disk, most often; its own message names paths, so only ours goes out. */
  @ExceptionHandler
  ResponseEntity<ProblemDetail> disk(UncheckedIOException e) {
    log.error("a model file could not be kept", e);
    return answer(Failure.of(e).orElseThrow());
  }

  private ResponseEntity<ProblemDetail> answer(Failure failure) {
    metrics.refused(failure.code());
    return failure
        .response(MediaType.APPLICATION_PROBLEM_JSON)
        .body(Problems.of(failure.status(), failure.code(), failure.detail()));
  }
}
