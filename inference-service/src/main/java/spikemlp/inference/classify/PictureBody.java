package spikemlp.inference.classify;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import spikemlp.problem.ProblemException;

/** Reads a request's body whole, up to a bound. */
final class PictureBody {

  private PictureBody() {}

  /**
   * The body's bytes.
   *
   * @throws ProblemException 413 if there are more than {@code largest}; a declared length is
   *     refused before a byte is read
   */
  static byte[] read(HttpServletRequest request, long largest) throws IOException {
    long declared = request.getContentLengthLong();
    if (declared > largest) {
      throw tooLarge("a picture of " + declared + " bytes", largest);
    }
    byte[] body = request.getInputStream().readNBytes((int) largest + 1);
    if (body.length > largest) {
      throw tooLarge("a longer picture", largest);
    }
    return body;
  }

  private static ProblemException tooLarge(String what, long largest) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        "picture-too-large",
        what + " was sent; at most " + largest + " bytes are read");
  }
}
