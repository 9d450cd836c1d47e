package spikemlp.inference.serve;

import java.io.UncheckedIOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import spikemlp.contract.image.UnreadableImageException;
import spikemlp.inference.engine.CallerGoneException;
import spikemlp.inference.engine.DeadlineExceededException;
import spikemlp.inference.engine.OverloadedException;
import spikemlp.inference.engine.UnusableModelException;
import spikemlp.inference.model.BadArtifactException;
import spikemlp.inference.model.PrecisionUnavailableException;
import spikemlp.inference.model.RegistryUnavailableException;
import spikemlp.inference.model.UnresolvedModelException;
import spikemlp.problem.ProblemException;

/**
 * How a failure of inference is answered.
 *
 * @param status the response's
 * @param code stable, for programs
 * @param detail for people; names no path of this machine
 */
public record Failure(HttpStatusCode status, String code, String detail) {

  /** Seconds after which a place, a load or the registry may well be there. */
  static final String RETRY_AFTER = "2";

  private static final int CLIENT_CLOSED_REQUEST = 499;

  /** The answer to a failure that inference knows. */
  public static Optional<Failure> of(Exception failure) {
    String detail = String.valueOf(failure.getMessage());
    return switch (failure) {
      case ProblemException e -> Optional.of(new Failure(e.status(), e.code(), detail));
      case UnreadableImageException _ ->
          Optional.of(new Failure(HttpStatus.BAD_REQUEST, "unreadable-image", detail));
      case UnresolvedModelException e ->
          Optional.of(new Failure(HttpStatusCode.valueOf(e.status()), e.code(), detail));
      case PrecisionUnavailableException _ ->
          Optional.of(new Failure(HttpStatus.CONFLICT, "precision-unavailable", detail));
      case RegistryUnavailableException _ ->
          Optional.of(new Failure(HttpStatus.SERVICE_UNAVAILABLE, "registry-unavailable", detail));
      case OverloadedException _ ->
          Optional.of(new Failure(HttpStatus.SERVICE_UNAVAILABLE, "overloaded", detail));
      case DeadlineExceededException _ ->
          Optional.of(new Failure(HttpStatus.GATEWAY_TIMEOUT, "deadline-exceeded", detail));
      case BadArtifactException _ ->
          Optional.of(new Failure(HttpStatus.BAD_GATEWAY, "bad-artifact", detail));
      case UnusableModelException _ ->
          Optional.of(new Failure(HttpStatus.BAD_GATEWAY, "unusable-model", detail));
      case CallerGoneException _ ->
          Optional.of(
              new Failure(
                  HttpStatusCode.valueOf(CLIENT_CLOSED_REQUEST), "client-closed-request", detail));
      case UncheckedIOException _ ->
          Optional.of(new Failure(HttpStatus.INSUFFICIENT_STORAGE, "model-not-stored", detail));
      default -> Optional.empty();
    };
  }

  /** The answer without its body; what may pass in a moment says when to come back. */
  public ResponseEntity.BodyBuilder response(MediaType body) {
    ResponseEntity.BodyBuilder response = ResponseEntity.status(status).contentType(body);
    return mayPass() ? response.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER) : response;
  }

  private boolean mayPass() {
    return status.value() == 503 || status.value() == 504;
  }
}
