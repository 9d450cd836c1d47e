package spikemlp.problem;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.validation.FieldError;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import spikemlp.contract.network.FieldProblem;
import spikemlp.contract.network.InvalidConfigurationException;

/**
 * Turns every exception that leaves a controller into a problem with a {@code code}. Wrong fields
 * are listed in {@code errors}, each with {@code field}, {@code pointer}, {@code value} and {@code
 * message}. What nobody expected is logged with an id, and the caller gets the id alone.
 */
@RestControllerAdvice
public final class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

  ProblemAdvice() {}

  @ExceptionHandler
  ResponseEntity<Object> problem(ProblemException failure) {
    ProblemDetail problem =
        Problems.of(failure.status(), failure.code(), String.valueOf(failure.getMessage()));
    failure.properties().forEach(problem::setProperty);
    HttpHeaders headers = new HttpHeaders();
    failure
        .retryAfter()
        .ifPresent(pause -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(pause.toSeconds())));
    return answer(problem, headers);
  }

  @ExceptionHandler
  ResponseEntity<Object> invalidConfiguration(InvalidConfigurationException failure) {
    return answer(configurationProblem(failure), new HttpHeaders());
  }

  private static ProblemDetail configurationProblem(InvalidConfigurationException failure) {
    return withErrors(
        Problems.of(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "invalid-configuration",
            String.valueOf(failure.getMessage())),
        failure.problems());
  }

  @ExceptionHandler
  ResponseEntity<Object> invalidArgument(IllegalArgumentException failure) {
    return answer(argumentProblem(failure), new HttpHeaders());
  }

  private static ProblemDetail argumentProblem(IllegalArgumentException failure) {
    return Problems.of(
        HttpStatus.BAD_REQUEST,
        "invalid-argument",
        Objects.requireNonNullElse(failure.getMessage(), "an argument is not valid"));
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(Exception failure, ServletWebRequest request)
      throws Exception {
    if (failure instanceof AccessDeniedException || failure instanceof AuthenticationException) {
      throw failure; // the security filters answer these
    }
    if (failure instanceof IOException && callerIsGone(failure)) {
      return null;
    }
    String id = UUID.randomUUID().toString();
    LOG.error("request {} failed: {}", id, request.getDescription(false), failure);
    if (request.getResponse() != null && request.getResponse().isCommitted()) {
      return null;
    }
    ProblemDetail problem =
        Problems.of(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "internal-error",
            "the service failed; its log names the reason under the id " + id);
    problem.setProperty("id", id);
    return answer(problem, new HttpHeaders());
  }

  private static boolean callerIsGone(Exception failure) {
    String name = failure.getClass().getSimpleName();
    return name.equals("ClientAbortException") || name.equals("AsyncRequestNotUsableException");
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    List<FieldProblem> errors = new ArrayList<>();
    for (FieldError error : failure.getBindingResult().getFieldErrors()) {
      errors.add(
          new FieldProblem(
              error.getField(),
              String.valueOf(error.getRejectedValue()),
              Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid")));
    }
    failure
        .getBindingResult()
        .getGlobalErrors()
        .forEach(error ->
            errors.add(
                new FieldProblem(
                    error.getObjectName(),
                    "",
                    Objects.requireNonNullElse(error.getDefaultMessage(), "is not valid"))));
    return answer(invalidRequest(errors), headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
      HandlerMethodValidationException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    if (status.is5xxServerError()) {
      return super.handleHandlerMethodValidationException(failure, headers, status, request);
    }
    List<FieldProblem> errors = new ArrayList<>();
    failure
        .getParameterValidationResults()
        .forEach(result ->
            result
                .getResolvableErrors()
                .forEach(error ->
                    errors.add(
                        new FieldProblem(
                            error instanceof FieldError field
                                ? field.getField()
                                : String.valueOf(result.getMethodParameter().getParameterName()),
                            error instanceof FieldError field
                                ? String.valueOf(field.getRejectedValue())
                                : String.valueOf(result.getArgument()),
                            Objects.requireNonNullElse(
                                error.getDefaultMessage(), "is not valid")))));
    return answer(invalidRequest(errors), headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleTypeMismatch(
      TypeMismatchException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    String name =
        failure instanceof MethodArgumentTypeMismatchException argument
            ? argument.getName()
            : String.valueOf(failure.getPropertyName());
    Class<?> type = failure.getRequiredType();
    return answer(
        invalidRequest(
            List.of(
                new FieldProblem(
                    name,
                    String.valueOf(failure.getValue()),
                    "is not " + UnreadableJson.describe(type == null ? Object.class : type)))),
        headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidConfigurationException invalid) {
        return answer(configurationProblem(invalid), headers);
      }
      if (cause instanceof IllegalArgumentException invalid) {
        return answer(argumentProblem(invalid), headers);
      }
    }
    return answer(invalidRequest(List.of(UnreadableJson.explain(failure))), headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMediaTypeNotSupported(
      HttpMediaTypeNotSupportedException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    MediaType given = failure.getContentType();
    String detail =
        (given == null
                ? "a body without a Content-Type"
                : "Content-Type '" + new MediaType(given, Map.of()) + "'")
            + " is not read here; send "
            + oneOf(failure.getSupportedMediaTypes());
    return answer(usual(status, detail), headers);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleNoResourceFoundException(
      NoResourceFoundException failure,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    String detail =
        "there is no %s /%s".formatted(failure.getHttpMethod(), failure.getResourcePath());
    return answer(usual(status, detail), headers);
  }

  private static ProblemDetail usual(HttpStatusCode status, String detail) {
    return Problems.of(status, Problems.usualCode(status), detail);
  }

  private static String oneOf(List<MediaType> types) {
    List<String> names =
        types.stream()
            .filter(MediaType::isConcrete)
            .map(MediaType::toString)
            .distinct()
            .sorted()
            .toList();
    return names.size() < 2 ? String.join("", names) : "one of " + String.join(", ", names);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleExceptionInternal(
      Exception failure,
      @Nullable Object body,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    if (status.is5xxServerError()) {
      LOG.error("request failed: {}", request.getDescription(false), failure);
    }
    ProblemDetail problem = ProblemDetail.forStatus(status);
    if (body instanceof ProblemDetail given) {
      problem = given;
    } else if (failure instanceof ErrorResponse response) {
      problem = response.getBody();
    }
    if (problem.getProperties() == null || !problem.getProperties().containsKey("code")) {
      problem.setProperty("code", Problems.usualCode(status));
    }
    return super.handleExceptionInternal(failure, problem, headers, status, request);
  }

  private static ProblemDetail invalidRequest(List<FieldProblem> errors) {
    StringBuilder detail = new StringBuilder();
    for (FieldProblem error : errors) {
      detail.append(detail.isEmpty() ? "" : "; ").append(error.field()).append(' ');
      detail.append(error.message());
    }
    return withErrors(
        Problems.of(HttpStatus.BAD_REQUEST, "invalid-request", detail.toString()), errors);
  }

  private static ProblemDetail withErrors(ProblemDetail problem, List<FieldProblem> errors) {
    problem.setProperty(
        "errors",
        errors.stream()
            .map(error ->
                Map.of(
                    "field", error.field(),
                    "pointer", error.pointer(),
                    "value", error.value(),
                    "message", error.message()))
            .toList());
    return problem;
  }

  private static ResponseEntity<Object> answer(ProblemDetail problem, HttpHeaders headers) {
    HttpHeaders all = new HttpHeaders(headers); // a copy: an exception's own may be read-only
    all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    return new ResponseEntity<>(problem, all, HttpStatusCode.valueOf(problem.getStatus()));
  }
}
