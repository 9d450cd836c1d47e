package spikemlp.problem;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the servlet container itself refuses, such as a malformed URL, as a problem too. */
@RestController
public final class ProblemErrorController implements ErrorController {

  ProblemErrorController() {}

  @RequestMapping("${server.error.path:${error.path:/error}}")
  ResponseEntity<Object> error(HttpServletRequest request) {
    HttpStatus status =
        request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
            ? HttpStatus.valueOf(code)
            : HttpStatus.INTERNAL_SERVER_ERROR;
    ProblemDetail problem =
        Problems.of(
            status,
            Problems.usualCode(status),
            status.is4xxClientError()
                ? "the request was refused: " + status.getReasonPhrase()
                : "the request failed");
    if (request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI) instanceof String uri) {
      if (Problems.ofInferenceProtocol(uri)) {
        return ResponseEntity.status(status)
            .contentType(MediaType.APPLICATION_JSON)
            .body(Map.of("error", String.valueOf(problem.getDetail())));
      }
      problem.setInstance(instance(uri));
    }
    return ResponseEntity.status(status)
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(problem);
  }

  private static URI instance(String uri) {
    try {
      return URI.create(uri);
    } catch (IllegalArgumentException e) {
      return URI.create("/"); // a malformed URL is what was refused
    }
  }
}
