package spikemlp.inference.classify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import spikemlp.problem.ProblemException;

/**
 * Reads a {@code multipart/form-data} body (RFC 7578) in memory; every part is a picture. Nothing
 * touches the disk.
 */
final class MultipartPictures {

  private static final byte[] END_OF_HEADERS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final byte[] body;
  private final byte[] delimiter;
  private final int most;

  private MultipartPictures(byte[] body, byte[] delimiter, int most) {
    this.body = body;
    this.delimiter = delimiter;
    this.most = most;
  }

  /**
   * The parts in their order.
   *
   * @param contentType with the boundary
   * @param most parts there may be
   * @throws ProblemException 400 if the body is no such thing or has no part, 413 if it has too
   *     many
   */
  static List<NamedPicture> read(byte[] body, String contentType, int most) {
    byte[] delimiter = ("--" + boundary(contentType)).getBytes(StandardCharsets.ISO_8859_1);
    return new MultipartPictures(body, delimiter, most).parts();
  }

  private static String boundary(String contentType) {
    try {
      String boundary =
          Optional.ofNullable(MediaType.parseMediaType(contentType).getParameter("boundary"))
              .map(text -> text.replace("\"", ""))
              .orElse("");
      if (boundary.isEmpty() || boundary.length() > 70) {
        throw malformed("its Content-Type has no boundary of 1 to 70 characters");
      }
      return boundary;
    } catch (InvalidMediaTypeException e) {
      throw malformed("its Content-Type cannot be read: " + e.getMessage());
    }
  }

  private List<NamedPicture> parts() {
    List<NamedPicture> parts = new ArrayList<>();
    int at = find(delimiter, 0);
    if (at < 0) {
      throw malformed("its boundary is nowhere in it");
    }
    at += delimiter.length;
    while (!startsWith("--", at)) {
      if (!startsWith("\r\n", at)) {
        throw malformed(
            "the boundary before part " + (parts.size() + 1) + " ends in no line break");
      }
      int headers = at + 2;
      int end = find(END_OF_HEADERS, at);
      int next = end < 0 ? -1 : endOfPart(end + END_OF_HEADERS.length);
      if (next < 0) {
        throw malformed("part " + (parts.size() + 1) + " is cut off");
      }
      if (parts.size() == most) {
        throw new ProblemException(
            HttpStatus.CONTENT_TOO_LARGE,
            "too-many-pictures",
            "more than " + most + " parts were sent; at most " + most + " are classified at once");
      }
      String head = new String(body, headers, Math.max(0, end - headers), StandardCharsets.UTF_8);
      int content = end + END_OF_HEADERS.length;
      parts.add(
          new NamedPicture(
              name(head, parts.size() + 1),
              Arrays.copyOfRange(body, content, Math.max(content, next))));
      at = next + 2 + delimiter.length;
    }
    if (parts.isEmpty()) {
      throw malformed("it has no part");
    }
    return parts;
  }

  /** Where the line break before the next boundary is. */
  private int endOfPart(int content) {
    for (int at = find(delimiter, content); at >= 0; at = find(delimiter, at + 1)) {
      if (at >= 2 && startsWith("\r\n", at - 2)) {
        return at - 2;
      }
    }
    return -1;
  }

  private static String name(String headers, int number) {
    return headers
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-disposition:"))
        .findFirst()
        .map(line -> named(line.substring(line.indexOf(':') + 1).strip()))
        .filter(name -> !name.isEmpty())
        .orElse("part-" + number);
  }

  private static String named(String disposition) {
    try {
      ContentDisposition parsed = ContentDisposition.parse(disposition);
      String file = parsed.getFilename();
      String name = parsed.getName();
      return file != null && !file.isEmpty() ? file : name == null ? "" : name;
    } catch (IllegalArgumentException e) {
      throw malformed("a part's Content-Disposition cannot be read: " + e.getMessage());
    }
  }

  private boolean startsWith(String ascii, int at) {
    if (at + ascii.length() > body.length) {
      return false;
    }
    for (int i = 0; i < ascii.length(); i++) {
      if (body[at + i] != (byte) ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int find(byte[] wanted, int from) {
    for (int at = from; at <= body.length - wanted.length; at++) {
      if (body[at] == wanted[0]
          && Arrays.equals(body, at, at + wanted.length, wanted, 0, wanted.length)) {
        return at;
      }
    }
    return -1;
  }

  private static ProblemException malformed(String reason) {
    return new ProblemException(
        HttpStatus.BAD_REQUEST,
        "malformed-multipart",
        "the multipart body cannot be read: " + reason);
  }
}
