package spikemlp.benchmark.serve;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP/1.1 answer that is there to its end.
 *
 * @param status its status
 * @param keepsConnection whether the server takes another request
 * @param runNanos how long the model ran, if the answer tells it as {@code compute_ms}
 */
record Answer(int status, boolean keepsConnection, OptionalLong runNanos) {

  /** Of a connection that failed. */
  static final Answer NONE = new Answer(0, false, OptionalLong.empty());

  private static final String END = "\r\n\r\n";
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final Pattern RUN = Pattern.compile("\"compute_ms\":([0-9.eE-]+)");

  /** The answer in a buffer, from its position to its limit; empty as long as some is missing. */
  static Optional<Answer> of(ByteBuffer bytes) {
    String text = StandardCharsets.ISO_8859_1.decode(bytes).toString();
    int head = text.indexOf(END);
    if (head < 0) {
      return Optional.empty();
    }
    String headers = text.substring(0, head + 2).toLowerCase(Locale.ROOT);
    int body = head + END.length();
    boolean whole =
        header(headers, "transfer-encoding").contains("chunked")
            ? chunksEnd(text, body)
            : text.length() - body >= length(headers);
    return whole
        ? Optional.of(
            new Answer(
                Integer.parseInt(text, STATUS_AT, STATUS_AT + 3, 10),
                !header(headers, "connection").equals("close"),
                run(text)))
        : Optional.empty();
  }

  private static OptionalLong run(String text) {
    Matcher run = RUN.matcher(text);
    return run.find()
        ? OptionalLong.of(Math.round(Double.parseDouble(run.group(1)) * 1e6))
        : OptionalLong.empty();
  }

  private static long length(String headers) {
    String length = header(headers, "content-length");
    return length.isEmpty() ? 0 : Long.parseLong(length);
  }

  private static String header(String headers, String name) {
    String start = "\r\n" + name + ":";
    int at = headers.indexOf(start);
    return at < 0
        ? ""
        : headers.substring(at + start.length(), headers.indexOf("\r\n", at + 2)).strip();
  }

  private static boolean chunksEnd(String text, int from) {
    int at = from;
    while (true) {
      int line = text.indexOf("\r\n", at);
      if (line < 0) {
        return false;
      }
      int size = Integer.parseInt(text.substring(at, line).strip(), 16);
      at = line + 2 + size + 2;
      if (size == 0 || at > text.length()) {
        return at <= text.length();
      }
    }
  }
}
