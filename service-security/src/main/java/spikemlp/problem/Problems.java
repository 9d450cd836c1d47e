package spikemlp.problem;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** Makes problems, and writes them where no controller does. */
public final class Problems {

  private static final JsonMapper JSON =
      JsonMapper.builder().addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class).build();

  private Problems() {}

  /** A problem with a code; its title is the status's reason phrase. */
  public static ProblemDetail of(HttpStatusCode status, String code, String detail) {
    ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
    problem.setProperty("code", code);
    return problem;
  }

  /** The code of a failure that has none of its own. */
  public static String usualCode(HttpStatusCode status) {
    return switch (status.value()) {
      case 404 -> "not-found";
      case 405 -> "method-not-allowed";
      case 406 -> "not-acceptable";
      case 413 -> "too-large";
      case 415 -> "unsupported-media-type";
      case 503 -> "unavailable";
      default -> status.is5xxServerError() ? "internal-error" : "invalid-request";
    };
  }

  /**
   * Whether a path belongs to the Open Inference Protocol, whose errors are {@code {"error": …}}.
   */
  static boolean ofInferenceProtocol(String path) {
    return path.equals("/v2") || path.startsWith("/v2/");
  }

  /**
   * Writes a problem from a filter, or an error of the Open Inference Protocol on its paths; does
   * nothing if the response has begun.
   */
  public static void write(
      HttpServletRequest request,
      HttpServletResponse response,
      HttpStatus status,
      String code,
      String detail)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    Body body = body(request.getRequestURI(), status, code, detail);
    response.setStatus(status.value());
    response.setContentType(body.type());
    response.setContentLength(body.bytes().length);
    response.getOutputStream().write(body.bytes());
  }

  /**
   * A problem as it is sent.
   *
   * @param type its media type
   */
  @SuppressWarnings("ArrayRecordComponent") // written and forgotten
  public record Body(String type, byte[] bytes) {}

  /**
   * A problem, or an error of the Open Inference Protocol on its paths, for those who write it
   * themselves.
   */
  public static Body body(
      @Nullable String path, HttpStatusCode status, String code, String detail) {
    if (path != null && ofInferenceProtocol(path)) {
      return new Body(
          MediaType.APPLICATION_JSON_VALUE, JSON.writeValueAsBytes(Map.of("error", detail)));
    }
    ProblemDetail problem = of(status, code, detail);
    instance(path).ifPresent(problem::setInstance);
    return new Body(MediaType.APPLICATION_PROBLEM_JSON_VALUE, JSON.writeValueAsBytes(problem));
  }

  /** Of a path that was accepted; one that is refused for what it is may be none. */
  private static Optional<URI> instance(@Nullable String path) {
    try {
      return Optional.ofNullable(path).map(URI::create);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
