package spikemlp.inference.protocol;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import spikemlp.inference.serve.Failure;
import spikemlp.inference.serve.InferenceMetrics;

/** Every failure of the protocol's routes as {@code {"error": …}}. */
@RestControllerAdvice(basePackageClasses = ProtocolController.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ProtocolErrors {

  private static final Logger log = LoggerFactory.getLogger(ProtocolErrors.class);

  private final InferenceMetrics metrics;

  ProtocolErrors(InferenceMetrics metrics) {
    this.metrics = metrics;
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Map<String, String>> failed(Exception e, ServletWebRequest request)
      throws Exception {
    if (e instanceof AccessDeniedException || e instanceof AuthenticationException) {
      throw e; // the security filters answer these
    }
    Optional<Failure> known = Failure.of(e);
    if (known.isPresent()) {
      return answer(known.get());
    }
    if (e instanceof ErrorResponse response) {
      return answer(
          new Failure(
              response.getStatusCode(),
              "invalid-inference-request",
              Optional.ofNullable(response.getBody().getDetail())
                  .orElse("the request is refused")));
    }
    if (e instanceof IOException) {
      return null; // the caller is gone
    }
    String id = UUID.randomUUID().toString();
    log.error("request {} failed: {}", id, request.getDescription(false), e);
    return answer(
        new Failure(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "internal-error",
            "the service failed; its log names the reason under the id " + id));
  }

  private ResponseEntity<Map<String, String>> answer(Failure failure) {
    metrics.refused(failure.code());
    return failure.response(MediaType.APPLICATION_JSON).body(Map.of("error", failure.detail()));
  }
}
