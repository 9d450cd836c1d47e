package spikemlp.trainer.dataset;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import org.springframework.http.HttpStatus;
import spikemlp.problem.ProblemException;

/**
 * The last item of a page, newest first; the next page begins after it.
 *
 * @param id tells items of the same instant apart
 */
record PageToken(Instant createdAt, String id) {

  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  /** The token as callers hold it: letters, digits, '-' and '_'. */
  String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((createdAt + " " + id).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a caller's token.
   *
   * @throws ProblemException 400 if it is none
   */
  static PageToken parse(String text) {
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int space = plain.indexOf(' ');
      Instant createdAt = Instant.parse(plain.substring(0, Math.max(space, 0)));
      String id = plain.substring(space + 1);
      if (createdAt.isAfter(Instant.EPOCH) && createdAt.isBefore(LATEST) && DataSetStore.isId(id)) {
        return new PageToken(createdAt, id);
      }
    } catch (IllegalArgumentException | DateTimeException _) {
      // Answered like any other text that is no token.
    }
    throw new ProblemException(
        HttpStatus.BAD_REQUEST,
        "invalid-request",
        "after is the next of the page before, as it was given");
  }
}
