package spikemlp.trainer.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import spikemlp.query.QueryParameters;

/**
 * The last item of a page, newest first; the next page begins after it.
 *
 * @param id tells items of the same instant apart
 */
public record PageToken(Instant createdAt, String id) {

  /** The token as callers hold it: letters, digits, '-' and '_'. */
  public String text() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((createdAt + " " + id).getBytes(UTF_8));
  }

  /**
   * Reads a caller's token.
   *
   * @throws IllegalArgumentException if it is none
   * @throws java.time.DateTimeException likewise
   */
  public static PageToken of(String text) {
    String[] parts = new String(Base64.getUrlDecoder().decode(text), UTF_8).split(" ", 2);
    if (parts.length < 2 || !parts[1].matches("[!-~]{1,100}")) {
      throw new IllegalArgumentException("no place in the list");
    }
    return new PageToken(QueryParameters.instantOf(parts[0]), parts[1]);
  }
}
