package spikemlp.inference.protocol;

import org.springframework.http.HttpStatus;
import spikemlp.problem.ProblemException;

/** Refusals of a request: what was wrong, and what would be right. */
final class BadRequest {

  private BadRequest() {}

  static ProblemException because(String detail) {
    return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-inference-request", detail);
  }
}
