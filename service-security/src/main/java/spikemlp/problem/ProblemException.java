package spikemlp.problem;

import java.util.Map;
import org.springframework.http.HttpStatus;

/** A failure that a service answers with a status and code of its own. */
public final class ProblemException extends RuntimeException {

  private final HttpStatus status;
  private final String code;

  @SuppressWarnings("serial") // never serialised
  private final Map<String, Object> properties;

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
    super(detail);
    this.status = status;
    this.code = code;
    this.properties = Map.copyOf(properties);
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
}
