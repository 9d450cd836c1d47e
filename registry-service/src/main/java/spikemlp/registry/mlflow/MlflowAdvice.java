package spikemlp.registry.mlflow;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import spikemlp.contract.network.InvalidConfigurationException;
import spikemlp.problem.ProblemException;
import spikemlp.registry.mlflow.MlflowError.Code;

/**
 * Answers what MLflow's routes refuse as MLflow does. Failures of the service itself stay the
 * problems that every route answers with.
 */
@RestControllerAdvice(
    assignableTypes = {RegisteredModelsController.class, ModelVersionsController.class})
@Order(Ordered.HIGHEST_PRECEDENCE)
class MlflowAdvice {

  @ExceptionHandler
  ResponseEntity<MlflowError> refused(MlflowException failure) {
    return answer(failure.code(), failure);
  }

  @ExceptionHandler
  ResponseEntity<MlflowError> refused(ProblemException failure) {
    return answer(Code.of(failure.status().value()), failure);
  }

  @ExceptionHandler({InvalidConfigurationException.class, IllegalArgumentException.class})
  ResponseEntity<MlflowError> invalid(RuntimeException failure) {
    return answer(Code.INVALID_PARAMETER_VALUE, failure);
  }

  @ExceptionHandler(HttpMessageNotReadableException.class)
  ResponseEntity<MlflowError> unreadable() {
    return ResponseEntity.badRequest()
        .body(
            new MlflowError(
                Code.INVALID_PARAMETER_VALUE.name(),
                "the body is missing, is no JSON object, or a field of it is of the wrong type"));
  }

  private static ResponseEntity<MlflowError> answer(Code code, RuntimeException failure) {
    return ResponseEntity.status(code.status())
        .body(new MlflowError(code.name(), String.valueOf(failure.getMessage())));
  }
}
