package spikemlp.inference.serve;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import spikemlp.problem.ProblemException;

/**
 * A request's body as it arrives: decompressed, bounded in bytes and in time, its memory counted.
 * Reading throws {@link ProblemException}: 413 past the bound, 408 past the time, 415 for an
 * unknown compression, 400 for a corrupt one. Used by one thread; closing it gives its memory back.
 */
public final class RequestBody extends InputStream {

  private static final int BLOCK = 1 << 16;

  private final ServletInputStream raw;
  private final InputStream decoded;
  private final boolean plain;
  private final String what;
  private final long largest;
  private final long declared;
  private final Duration within;
  private final long until;
  private final RequestMemory memory;
  private final Ticket ticket;
  private long read;
  private long held;

  /**
   * The body of a request.
   *
   * @param what what it is, as messages call it, such as {@code picture}
   * @param largest bytes it may have, decompressed; a declared length is refused before it is read
   * @param within how long it may take to arrive
   */
  RequestBody(
      HttpServletRequest request, String what, long largest, Duration within, RequestMemory memory)
      throws IOException {
    this.what = what;
    this.largest = largest;
    this.within = within;
    this.until = System.nanoTime() + within.toNanos();
    this.memory = memory;
    this.ticket = Ticket.of(request);
    this.declared = request.getContentLengthLong();
    String encoding =
        Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_ENCODING))
            .orElse("identity")
            .toLowerCase(Locale.ROOT)
            .strip();
    this.plain = encoding.equals("identity");
    if (declared > largest) {
      throw tooLarge("a " + what + " of " + declared + " bytes");
    }
    this.raw = request.getInputStream();
    this.decoded =
        switch (encoding) {
          case "identity" -> raw;
          case "gzip", "x-gzip" -> bounded(() -> new GZIPInputStream(raw, BLOCK));
          case "deflate" -> new InflaterInputStream(raw);
          default ->
              throw new ProblemException(
                  HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                  "unsupported-encoding",
                  "the body's Content-Encoding is '" + encoding + "'; gzip and deflate are read");
        };
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T bounded(Reading<T> reading) throws IOException {
    if (System.nanoTime() - until > 0) {
      throw tooSlow();
    }
    if (ticket.isHeld() && read != declared && raw.available() == 0) {
      ticket.close();
    }
    try {
      return reading.read();
    } catch (ZipException | EOFException e) {
      if (plain) {
        throw e;
      }
      throw new ProblemException(
          HttpStatus.BAD_REQUEST,
          "corrupt-body",
          "the compressed body is corrupt or cut off: " + e.getMessage());
    } catch (IOException e) {
      if (e.getCause() instanceof TimeoutException) {
        throw tooSlow();
      }
      throw e;
    }
  }

  private ProblemException tooSlow() {
    return new ProblemException(
        HttpStatus.REQUEST_TIMEOUT,
        "body-too-slow",
        "the body did not arrive within " + within.toMillis() + " ms, or paused for too long");
  }

  private ProblemException tooLarge(String sent) {
    return new ProblemException(
        HttpStatus.CONTENT_TOO_LARGE,
        what + "-too-large",
        sent + " was sent; at most " + largest + " bytes are read");
  }

  private int counted(int n) {
    read += Math.max(0, n);
    if (read > largest) {
      throw tooLarge("a longer " + what);
    }
    return n;
  }

  @Override
  public int read() throws IOException {
    int value = bounded(decoded::read);
    if (value >= 0) {
      counted(1);
    }
    return value;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    return counted(bounded(() -> decoded.read(target, offset, length)));
  }

  /**
   * Fills the buffer; a direct one straight from the connection, if the body is not compressed.
   *
   * @return the bytes that came before the body's end
   */
  public int fill(ByteBuffer target) throws IOException {
    int before = target.position();
    while (target.hasRemaining()) {
      int n = plain ? direct(target) : block(target);
      if (n < 0) {
        break;
      }
    }
    return target.position() - before;
  }

  /** Whether a container leaves the buffer ready to be read or to be filled on, it is filled on. */
  private int direct(ByteBuffer target) throws IOException {
    int position = target.position();
    int limit = target.limit();
    int n = counted(bounded(() -> raw.read(target)));
    target.limit(limit).position(position + Math.max(0, n));
    return n;
  }

  private int block(ByteBuffer target) throws IOException {
    byte[] block = new byte[Math.min(BLOCK, target.remaining())];
    int n = read(block, 0, block.length);
    if (n > 0) {
      target.put(block, 0, n);
    }
    return n;
  }

  /** All that is left, its memory counted. */
  public byte[] readWhole() throws IOException {
    byte[] bytes = new byte[plain && declared >= 0 ? (int) declared : BLOCK];
    hold(bytes.length);
    int length = 0;
    while (true) {
      if (length == bytes.length) {
        int next = read();
        if (next < 0) {
          return bytes;
        }
        hold(bytes.length);
        bytes = Arrays.copyOf(bytes, 2 * Math.max(1, bytes.length));
        bytes[length++] = (byte) next;
      }
      int n = read(bytes, length, bytes.length - length);
      if (n < 0) {
        return Arrays.copyOf(bytes, length);
      }
      length += n;
    }
  }

  /** The next {@code bytes} of it, as a stream that ends there. */
  public InputStream part(long bytes) {
    return new InputStream() {
      private long left = bytes;

      @Override
      public int read() throws IOException {
        int value = left == 0 ? -1 : RequestBody.this.read();
        left -= value < 0 ? 0 : 1;
        return value;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0 && length > 0) {
          return -1;
        }
        int n = RequestBody.this.read(target, offset, (int) Math.min(left, length));
        left -= Math.max(0, n);
        return n;
      }
    };
  }

  /**
   * Counts memory that the request holds until it is closed.
   *
   * @throws spikemlp.inference.engine.OverloadedException if there is none left for it
   */
  public void hold(long bytes) {
    memory.take(bytes);
    held += bytes;
  }

  /** Bytes that were read so far, decompressed. */
  public long received() {
    return read;
  }

  /** Bytes that were declared, decompression aside; −1 if none were. */
  public long declared() {
    return plain ? declared : -1;
  }

  /** The most bytes it may have. */
  public long largest() {
    return largest;
  }

  @Override
  public void close() {
    memory.giveBack(held);
    held = 0;
  }
}
