package spikemlp.problem;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpStatus;

/** A failure that a service answers with a status and code of its own. */
public final class ProblemException extends RuntimeException {

  private final HttpStatus status;
  private final String code;

  @SuppressWarnings("serial") // never serialised
  private final Map<String, Object> properties;

  @SuppressWarnings("serial") // never serialised
  private final Optional<Duration> retryAfter;

  /**
   * @param status the response's status
   * @param code stable, in kebab-case, for programs; such as {@code model-not-found}
   * @param detail what is wrong, for people; names the thing, the value and what would be right
   */
  public ProblemException(HttpStatus status, String code, String detail) {
    this(status, code, detail, Map.of());
  }

  /**
   * @param properties further members of the problem, such as {@code missing}
   */
  public ProblemException(
      HttpStatus status, String code, String detail, Map<String, Object> properties) {
    this(status, code, detail, properties, Optional.empty());
  }

  private ProblemException(
      HttpStatus status,
      String code,
      String detail,
      Map<String, Object> properties,
      Optional<Duration> retryAfter) {
    super(detail);
    this.status = status;
    this.code = code;
    this.properties = Map.copyOf(properties);
    this.retryAfter = retryAfter;
  }

  /** The same, and when the request may be repeated, in whole seconds. */
  public ProblemException retryAfter(Duration pause) {
    return new ProblemException(
        status, code, String.valueOf(getMessage()), properties, Optional.of(pause));
  }

  public HttpStatus status() {
    return status;
  }

  public String code() {
    return code;
  }

  public Map<String, Object> properties() {
    return properties;
  }

  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
