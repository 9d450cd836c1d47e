package spikemlp.registry.mlflow;

import org.springframework.http.HttpStatus;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A refusal as MLflow writes it.
 *
 * @param errorCode of {@link Code}
 */
@JsonNaming(SnakeCaseStrategy.class)
record MlflowError(String errorCode, String message) {

  /** MLflow's codes and their statuses. */
  enum Code {
    INVALID_PARAMETER_VALUE(HttpStatus.BAD_REQUEST),
    RESOURCE_ALREADY_EXISTS(HttpStatus.BAD_REQUEST),
    PERMISSION_DENIED(HttpStatus.FORBIDDEN),
    RESOURCE_DOES_NOT_EXIST(HttpStatus.NOT_FOUND),
    RESOURCE_CONFLICT(HttpStatus.CONFLICT),
    INTERNAL_ERROR(HttpStatus.INTERNAL_SERVER_ERROR),
    TEMPORARILY_UNAVAILABLE(HttpStatus.SERVICE_UNAVAILABLE);

    private final HttpStatus status;

    Code(HttpStatus status) {
      this.status = status;
    }

    HttpStatus status() {
      return status;
    }

    /** The code that says what a status of this service says. */
    static Code of(int status) {
      return switch (status) {
        case 403 -> PERMISSION_DENIED;
        case 404, 410 -> RESOURCE_DOES_NOT_EXIST;
        case 409 -> RESOURCE_CONFLICT;
        case 503 -> TEMPORARILY_UNAVAILABLE;
        default -> status >= 500 ? INTERNAL_ERROR : INVALID_PARAMETER_VALUE;
      };
    }
  }
}
